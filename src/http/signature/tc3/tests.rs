//! The published worked examples of TC3-HMAC-SHA256, by name, and each rule of its own.

use hmac::KeyInit;

use super::*;
use http::{HeaderName, HeaderValue};

/// The secret key that older copies of the documents print.
const GU5T: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
const STARS: &str = "********************************";
const POST_BODY: &str = r#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
const JSON: (&str, &str) = ("content-type", "application/json");
const JSON_UTF8: (&str, &str) = ("content-type", "application/json; charset=utf-8");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// One request that was signed elsewhere.
struct Signed<'a> {
    key: &'a str,
    method: &'a str,
    host: &'a str,
    path: &'a str,
    query: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: &'a str,
    timestamp: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

const REDIS: Signed<'_> = Signed {
    key: GU5T,
    method: "POST",
    host: "redis.tencentcloudapi.com",
    path: "/",
    query: "",
    headers: &[JSON],
    body: "",
    timestamp: "1551113065",
    service: "redis",
    signed_headers: "content-type;host",
    signature: "",
};

impl Signed<'_> {
    fn verify(&self) -> Result<Variant, Fault> {
        let headers: HeaderMap = self
            .headers
            .iter()
            .map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap()))
            .collect();
        let date = self.timestamp.parse().ok().and_then(utc_date).unwrap();
        let parts = Parts {
            secret_id: "AKID",
            date: std::str::from_utf8(&date).unwrap(),
            service: self.service,
            signed_headers: self.signed_headers,
            signature: self.signature,
        };
        let request = Request {
            method: self.method,
            host: self.host,
            path: self.path,
            query: self.query,
            headers: &headers,
            body: self.body.as_bytes(),
            timestamp: self.timestamp,
        };
        parts.examine(&request)?;
        let keys = KeyCache::new();
        let first = verify(&parts, self.key, &request, &keys);
        // The second answer comes from the cache and must be the same.
        assert_eq!(first, verify(&parts, self.key, &request, &keys));
        first
    }
}

const PLAIN: Result<Variant, Fault> = Ok(Variant {
    without_port: false,
    case_as_sent: false,
    real_path: false,
});

const V3_A: Signed<'_> = Signed {
    host: "cvm.tencentcloudapi.com",
    service: "cvm",
    headers: &[JSON_UTF8],
    body: POST_BODY,
    signature: "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    ..REDIS
};

#[test]
fn example_v3_a_post_of_the_international_documents() {
    assert_eq!(V3_A.verify(), PLAIN);
}

const V3_B: Signed<'_> = Signed {
    key: STARS,
    headers: &[JSON_UTF8, ("x-tc-action", "DescribeInstances")],
    signed_headers: "content-type;host;x-tc-action",
    signature: "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
    ..V3_A
};

#[test]
fn example_v3_b_post_with_a_signed_action_in_lower_case() {
    assert_eq!(V3_B.verify(), PLAIN);
}

#[test]
fn example_v3_c_get_of_the_older_documents() {
    let example = Signed {
        host: "cvm.tencentcloudapi.com",
        service: "cvm",
        method: "GET",
        query: "Limit=10&Offset=0",
        headers: &[FORM],
        timestamp: "1539084154",
        signature: "5da7a33f6993f0614b047e5df4582db9e9bf4672ba50567dba16c6ccf174c474",
        ..REDIS
    };
    assert_eq!(example.verify(), PLAIN);
}

/// Newer international copies mask the key of V3-A and print the signature of the whole one.
#[test]
fn example_v3_a_with_its_masked_key_does_not_reproduce() {
    let example = Signed {
        key: "sk0123456789****************EXAMPLE",
        ..V3_A
    };
    assert_eq!(example.verify(), Err(Fault::Mismatch));
}

/// The POST that the common-parameters page prints is illustrative: its signature belongs to neither published key.
#[test]
fn example_of_the_common_parameters_page_does_not_reproduce() {
    for key in [GU5T, STARS] {
        let example = Signed {
            key,
            host: "cvm.tencentcloudapi.com",
            service: "cvm",
            body: r#"{"Offset":0,"Limit":10}"#,
            timestamp: "1527672334",
            signature: "582c400e06b5924a6f2b5d7d672d79c15b13162d9279b0855cfba6789a8edb4c",
            ..REDIS
        };
        assert_eq!(example.verify(), Err(Fault::Mismatch));
    }
}

#[test]
fn redis_vector_with_an_unsigned_payload() {
    let unsigned = Signed {
        headers: &[JSON, ("x-tc-content-sha256", "UNSIGNED-PAYLOAD")],
        body: "whatever",
        signature: "6fc3d1408aa37ba50fb29245d36e49981bb9cb3832c2140721feb647672f6683",
        ..REDIS
    };
    assert_eq!(unsigned.verify(), PLAIN);
    assert_eq!(
        Signed {
            headers: &[JSON],
            ..unsigned
        }
        .verify(),
        Err(Fault::Mismatch)
    );
}

/// Signs as a client does that signs `host` and `path`: an own walk through the documented steps.
fn sign(request: &Signed<'_>, host: &str, path: &str, lower: bool) -> String {
    let fold = |text: &str| {
        if lower { text.to_lowercase() } else { text.to_owned() }
    };
    let hmac = |key: &[u8], text: &str| -> Vec<u8> {
        let mut mac = HmacSha256::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let hexed = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut canonical = format!("{}\n{path}\n{}\n", request.method, request.query);
    for name in request.signed_headers.split(';') {
        let value = request
            .headers
            .iter()
            .find(|(known, _)| *known == name)
            .map(|pair| pair.1);
        canonical.push_str(&format!("{name}:{}\n", fold(value.unwrap_or(host))));
    }
    let payload = hexed(&Sha256::digest(request.body));
    canonical.push_str(&format!("\n{}\n{payload}", request.signed_headers));
    let date = utc_date(request.timestamp.parse().unwrap()).unwrap();
    let date = std::str::from_utf8(&date).unwrap();
    let text = format!(
        "TC3-HMAC-SHA256\n{}\n{date}/{}/tc3_request\n{}",
        request.timestamp,
        request.service,
        hexed(&Sha256::digest(&canonical)),
    );
    let key = hmac(format!("TC3{}", request.key).as_bytes(), date);
    hexed(&hmac(&hmac(&hmac(&key, request.service), "tc3_request"), &text))
}

#[test]
fn each_variant_of_host_case_and_path_is_found() {
    let request = Signed {
        host: "LOCALHOST:8239",
        path: "/redis",
        headers: &[("content-type", "application/json; charset=UTF-8")],
        body: "{}",
        service: "localhost:8239",
        ..REDIS
    };
    for without_port in [false, true] {
        for case_as_sent in [false, true] {
            for real_path in [false, true] {
                let host = if without_port { "LOCALHOST" } else { request.host };
                let path = if real_path { "/redis" } else { "/" };
                let signature = sign(&request, host, path, !case_as_sent);
                let signed = Signed {
                    signature: &signature,
                    ..request
                };
                let variant = Variant {
                    without_port,
                    case_as_sent,
                    real_path,
                };
                assert_eq!(signed.verify(), Ok(variant));
                // Nothing else of the request may differ from what was signed.
                for other in [
                    Signed {
                        host: "LOCALHOST:8240",
                        ..signed
                    },
                    Signed { body: "{} ", ..signed },
                    Signed { key: "other", ..signed },
                    Signed {
                        service: "localhost",
                        ..signed
                    },
                    Signed {
                        timestamp: "1551113066",
                        ..signed
                    },
                    Signed {
                        headers: &[JSON],
                        ..signed
                    },
                    Signed {
                        method: "PUT",
                        ..signed
                    },
                ] {
                    let tolerated = without_port && other.host != request.host;
                    assert_eq!(other.verify().is_ok(), tolerated);
                }
            }
        }
    }
}

#[test]
fn the_query_counts_as_sent_for_get_and_not_for_post() {
    let get = Signed {
        method: "GET",
        query: "B=2&A=a%2Bb+c~*",
        headers: &[FORM],
        ..REDIS
    };
    let signature = sign(&get, get.host, "/", true);
    let get = Signed {
        signature: &signature,
        ..get
    };
    assert_eq!(get.verify(), PLAIN);
    assert_eq!(
        Signed {
            query: "A=a%2Bb+c~*&B=2",
            ..get
        }
        .verify(),
        Err(Fault::Mismatch)
    );
    assert_eq!(
        Signed {
            query: "B=2&A=a%2bb+c~*",
            ..get
        }
        .verify(),
        Err(Fault::Mismatch)
    );
    // A body that a GET should not have is not signed by anyone.
    assert_eq!(Signed { body: "x", ..get }.verify(), PLAIN);

    let post = Signed { body: "{}", ..REDIS };
    let signature = sign(&post, post.host, "/", true);
    assert_eq!(
        Signed {
            query: "x=1",
            signature: &signature,
            ..post
        }
        .verify(),
        PLAIN
    );
}

#[test]
fn signatures_are_64_lower_case_digits() {
    assert_eq!(V3_A.verify(), PLAIN);
    for signature in [
        V3_A.signature.to_uppercase(),
        V3_A.signature[1..].to_owned(),
        format!("{}0", V3_A.signature),
        V3_A.signature.replace('7', "g"),
        "é".repeat(32),
    ] {
        assert_eq!(
            Signed {
                signature: &signature,
                ..V3_A
            }
            .verify(),
            Err(Fault::Mismatch)
        );
    }
}

#[test]
fn signed_headers_must_hold_both_and_exist() {
    let garbled = |signed_headers: &str| Signed { signed_headers, ..V3_A }.verify().unwrap_err();
    assert_eq!(garbled("host"), Garbled::Unsigned("content-type").into());
    assert_eq!(garbled("content-type"), Garbled::Unsigned("host").into());
    assert_eq!(
        garbled("content-type;host;x-tc-action"),
        Garbled::NoSuchHeader("x-tc-action".into()).into()
    );
    assert_eq!(
        garbled("content-type;;host"),
        Garbled::NoSuchHeader(String::new()).into()
    );
    assert_eq!(garbled("\u{e9};host"), Garbled::NoSuchHeader("\u{e9}".into()).into());
}

#[test]
fn the_service_is_free_except_at_a_host_of_tencents() {
    let service = |host, service| {
        let signed = Signed { host, service, ..REDIS };
        let signature = sign(&signed, host, "/", true);
        Signed {
            signature: &signature,
            ..signed
        }
        .verify()
    };
    assert_eq!(service("redis.tencentcloudapi.com", "redis"), PLAIN);
    assert_eq!(service("redis.ap-guangzhou.tencentcloudapi.com:443", "redis"), PLAIN);
    assert_eq!(
        service("redis.tencentcloudapi.com", "cvm"),
        Err(Garbled::Service.into())
    );
    for free in ["redis", "127", "localhost:8239", "http://127", "a/b/c"] {
        assert_eq!(service("127.0.0.1:8239", free), PLAIN, "{free}");
        assert_eq!(service("http://127.0.0.1:8239", free), PLAIN, "{free}");
    }
    // Known from the real service.
    assert_eq!(Garbled::Service.to_string(), "`Service` in Credential not valid");
}

#[test]
fn the_date_is_the_utc_date_of_the_timestamp() {
    let examine = |date: &str, timestamp: &str| {
        let headers = HeaderMap::from_iter([(
            HeaderName::from_static("content-type"),
            HeaderValue::from_static("application/json"),
        )]);
        let parts = Parts {
            secret_id: "a",
            date,
            service: "redis",
            ..parts_of("")
        };
        let request = Request {
            method: "POST",
            host: "localhost",
            path: "/",
            query: "",
            headers: &headers,
            body: b"",
            timestamp,
        };
        parts.examine(&request)
    };
    // One second before midnight and at midnight.
    assert_eq!(examine("2019-02-25", "1551139199"), Ok(()));
    assert_eq!(examine("2019-02-26", "1551139200"), Ok(()));
    for (date, timestamp) in [
        ("2019-02-26", "1551139199"),
        ("2019-02-25", "1551139200"),
        ("2019-02-25", "soon"),
        ("2019-02-25", ""),
        ("2019-02-25", "9223372036854775807"),
        ("2019-02-25", "-9223372036854775808"),
    ] {
        assert_eq!(examine(date, timestamp), Err(Fault::WrongDate), "{date} {timestamp}");
    }
}

fn parts_of(signature: &str) -> Parts<'_> {
    Parts {
        secret_id: "AKID",
        date: "2019-02-25",
        service: "redis",
        signed_headers: "content-type;host",
        signature,
    }
}

#[test]
fn dates_of_leap_years_and_edges() {
    for (seconds, date) in [
        (0, "1970-01-01"),
        (-1, "1969-12-31"),
        (951_782_400, "2000-02-29"),
        (1_709_164_800, "2024-02-29"),
        (4_107_542_400, "2100-03-01"),
        (253_402_300_799, "9999-12-31"),
        (-62_167_219_200, "0000-01-01"),
    ] {
        assert_eq!(utc_date(seconds).unwrap(), *date.as_bytes(), "{seconds}");
    }
    for seconds in [253_402_300_800, -62_167_219_201, i64::MAX, i64::MIN] {
        assert_eq!(utc_date(seconds), None);
    }
}

#[test]
fn headers_are_read_with_any_spacing_order_and_case_of_the_scheme() {
    let expected = Ok(Authorization::Tc3(parts_of("ff")));
    for header in [
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/redis/tc3_request, SignedHeaders=content-type;host, Signature=ff",
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/redis/tc3_request,SignedHeaders=content-type;host,Signature=ff",
        "tc3-hmac-sha256   Signature = ff ,\tSignedHeaders= content-type;host , Credential=AKID/2019-02-25/redis/tc3_request, ",
    ] {
        assert_eq!(parse(header.as_bytes()), expected, "{header}");
    }
    assert_eq!(parse(b"SKIP"), Ok(Authorization::Skip));
    assert_eq!(parse(b" skip "), Ok(Authorization::Skip));
}

#[test]
fn services_with_slashes_and_colons_are_kept_whole() {
    let header = "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/http://127.0.0.1:80/x/tc3_request, \
        SignedHeaders=a, Signature=b";
    let Ok(Authorization::Tc3(parts)) = parse(header.as_bytes()) else {
        panic!("refused")
    };
    assert_eq!(parts.service, "http://127.0.0.1:80/x");
}

#[test]
fn garbled_headers_say_what_is_wrong() {
    let with = |credential: &str| format!("TC3-HMAC-SHA256 Credential={credential}, SignedHeaders=a, Signature=b");
    let good = "AKID/2019-02-25/redis/tc3_request";
    for (header, fault) in [
        (String::new(), Garbled::Empty),
        ("  ".into(), Garbled::Empty),
        ("Basic YTpi".into(), Garbled::Scheme),
        ("TC3-HMAC-SHA1 a".into(), Garbled::Scheme),
        ("SKIPPED".into(), Garbled::Scheme),
        ("TC3-HMAC-SHA256".into(), Garbled::Absent("Credential")),
        (with(""), Garbled::Absent("Credential")),
        (
            format!("TC3-HMAC-SHA256 Credential={good}"),
            Garbled::Absent("SignedHeaders"),
        ),
        (format!("{}, x", with(good)), Garbled::Part),
        (format!("{}, Nonce=1", with(good)), Garbled::Part),
        (format!("{}, Signature=c", with(good)), Garbled::Twice("Signature")),
        (with("AKID"), Garbled::Credential),
        (with("AKID/2019-02-25/redis"), Garbled::Credential),
        (with("/2019-02-25/redis/tc3_request"), Garbled::Credential),
        (with("AKID/2019-02-25//tc3_request"), Garbled::Credential),
        (with("AKID/2019-02-25/tc3_request"), Garbled::Credential),
        (with("AKID/2019-02-25/redis/tc4_request"), Garbled::Credential),
        (with("AKID/20190225/redis/tc3_request"), Garbled::Date),
        (with("AKID/2019-02-2x/redis/tc3_request"), Garbled::Date),
        (with("AKID/2019+02+25/redis/tc3_request"), Garbled::Date),
    ] {
        assert_eq!(parse(header.as_bytes()), Err(fault), "{header}");
    }
    assert_eq!(parse(b"\xff"), Err(Garbled::Empty));
}
