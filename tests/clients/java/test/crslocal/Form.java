package crslocal;

import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import java.util.stream.Stream;

/** A way in which the SDK can send a call: signature method and HTTP method. */
final class Form {
  static final Form USUAL = new Form(ClientProfile.SIGN_TC3_256, HttpProfile.REQ_POST);

  final String signature;
  final String method;

  private Form(String signature, String method) {
    this.signature = signature;
    this.method = method;
  }

  /** Every one of them, for a test with parameters. */
  static Stream<Form> all() {
    return Stream.of(
            ClientProfile.SIGN_TC3_256, ClientProfile.SIGN_SHA1, ClientProfile.SIGN_SHA256)
        .flatMap(
            signature ->
                Stream.of(HttpProfile.REQ_POST, HttpProfile.REQ_GET)
                    .map(method -> new Form(signature, method)));
  }

  boolean isTc3() {
    return signature.equals(ClientProfile.SIGN_TC3_256);
  }

  @Override
  public String toString() {
    return signature + " " + method;
  }
}
