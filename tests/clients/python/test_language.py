"""Messages in the language that the client asks for."""

from clients import Caller


def test_a_message_in_chinese_and_in_english(server, form):
    said = {}
    for language in ("zh-CN", "en-US"):
        with Caller(server, form, secret_key="wrong", language=language) as caller:
            refused = caller.refused("DescribeInstances")
            assert refused.get_code() == "AuthFailure.SignatureFailure"
            said[language] = refused.get_message()
    assert said["en-US"].isascii()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["zh-CN"]), said
