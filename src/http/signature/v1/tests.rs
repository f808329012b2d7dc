//! The published worked examples of HmacSHA1, by name, and each variant.

use super::*;

const GU5T: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
const STARS: &str = "********************************";
const PLAIN: Result<Variant, Fault> = Ok(Variant {
    without_port: false,
    real_path: false,
    without_empty: false,
    dotted_keys: false,
});

/// The parameters of the published example, in no order; `Signature` is there and not signed.
fn example(secret_id: &str) -> Vec<(&str, &str)> {
    vec![
        ("Timestamp", "1465185768"),
        ("SecretId", secret_id),
        ("Action", "DescribeInstances"),
        ("Signature", "left out by itself"),
        ("InstanceIds.0", "ins-09dx96dg"),
        ("Limit", "20"),
        ("Nonce", "11886"),
        ("Offset", "0"),
        ("Region", "ap-guangzhou"),
        ("Version", "2017-03-12"),
    ]
}

fn get<'a>(parameters: &'a [(&'a str, &'a str)]) -> Request<'a, &'a str, &'a str> {
    Request {
        method: "GET",
        host: "cvm.tencentcloudapi.com",
        path: "/",
        parameters,
    }
}

#[test]
fn example_v1_a_of_the_documents() {
    let parameters = example("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE");
    let verdict = |signature| verify(signature, Method::HmacSha1, GU5T, &get(&parameters));
    assert_eq!(verdict("EliP9YW3pW28FpsEdkXt/+WcGeI="), PLAIN);
    // Ruby's SDK ends the signature with a line feed.
    assert_eq!(verdict("EliP9YW3pW28FpsEdkXt/+WcGeI=\n"), PLAIN);
}

#[test]
fn example_v1_b_of_the_current_chinese_documents() {
    let secret_id = format!("AKID{STARS}");
    let parameters = example(&secret_id);
    let verdict = verify(
        "7RAM2xfNMO9EiVTNmPg06MRnCvQ=",
        Method::HmacSha1,
        STARS,
        &get(&parameters),
    );
    assert_eq!(verdict, PLAIN);
}

/// What the oldest page prints for the inputs of V1-A; no variant gives it.
#[test]
fn example_of_the_oldest_page_does_not_reproduce() {
    let parameters = example("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE");
    for method in [Method::HmacSha1, Method::HmacSha256] {
        let verdict = verify("v9MVG3fopp/gCsLSZ4gMFeYGgDU=", method, GU5T, &get(&parameters));
        assert_eq!(verdict, Err(Fault::Mismatch));
    }
}

/// The common-parameters page prints a signature in hexadecimal, the one of a well-known example of another cloud.
/// Neither it nor its bytes in base64 are what any published key gives.
#[test]
fn example_of_the_common_parameters_page_does_not_reproduce() {
    let parameters = [
        ("Action", "DescribeInstances"),
        ("Version", "2017-03-12"),
        ("SignatureMethod", "HmacSHA256"),
        ("Timestamp", "1527672334"),
        ("Region", "ap-guangzhou"),
        ("Nonce", "23823223"),
        ("SecretId", "AKIDEXAMPLE"),
    ];
    for signature in [
        "37ac2f4fde00b0ac9bd9eadeb459b1bbee224158d66e7ae5fcadb70b2d181d02",
        "N6wvT94AsKyb2eretFmxu+4iQVjWbnrl/K23Cy0YHQI=",
    ] {
        for key in [GU5T, STARS] {
            let verdict = verify(signature, Method::HmacSha256, key, &get(&parameters));
            assert_eq!(verdict, Err(Fault::Mismatch));
        }
    }
}

fn sign(method: Method, text: &str) -> String {
    let key = b"testkey";
    let (mut sha1, mut sha256) = (
        Hmac::<Sha1>::new_from_slice(key).unwrap(),
        Hmac::<Sha256>::new_from_slice(key).unwrap(),
    );
    sha1.update(text.as_bytes());
    sha256.update(text.as_bytes());
    match method {
        Method::HmacSha1 => STANDARD.encode(sha1.finalize().into_bytes()),
        Method::HmacSha256 => STANDARD.encode(sha256.finalize().into_bytes()),
    }
}

#[test]
fn each_variant_is_found() {
    let parameters = [("Region", ""), ("a_b", "x y"), ("Action", "测试"), ("A.0", "%")];
    let request = Request {
        method: "POST",
        host: "127.0.0.1:8239",
        path: "/redis",
        parameters: &parameters,
    };
    for method in [Method::HmacSha1, Method::HmacSha256] {
        for bits in 0..16_u8 {
            let [without_port, real_path, without_empty, dotted_keys] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
            let text = format!(
                "POST127.0.0.1{}/{}?A.0=%&Action=测试{}&a{}b=x y",
                if without_port { "" } else { ":8239" },
                if real_path { "redis" } else { "" },
                if without_empty { "" } else { "&Region=" },
                if dotted_keys { "." } else { "_" },
            );
            let signature = sign(method, &text);
            let verdict = verify(&signature, method, "testkey", &request);
            let variant = Variant {
                without_port,
                real_path,
                without_empty,
                dotted_keys,
            };
            assert_eq!(verdict, Ok(variant));
            let other = Request {
                method: "GET",
                ..request
            };
            assert_eq!(verify(&signature, method, "testkey", &other), Err(Fault::Mismatch));
            assert_eq!(verify(&signature, method, "testkez", &request), Err(Fault::Mismatch));
        }
    }
}

#[test]
fn the_method_is_sha1_unless_named_exactly() {
    assert_eq!(Method::named(Some("HmacSHA256")), Method::HmacSha256);
    for parameter in [None, Some(""), Some("HmacSHA1"), Some("hmacsha256"), Some("TC3")] {
        assert_eq!(Method::named(parameter), Method::HmacSha1);
    }
}

#[test]
fn signatures_that_are_not_base64_do_not_match() {
    let parameters = example("AKIDEXAMPLE");
    for signature in [
        "",
        "=",
        "é",
        "EliP9YW3pW28FpsEdkXt/+WcGeI",
        "Eli P9YW3pW28FpsEdkXt/+WcGeI=",
    ] {
        let verdict = verify(signature, Method::HmacSha1, GU5T, &get(&parameters));
        assert_eq!(verdict, Err(Fault::Mismatch), "{signature}");
    }
}
