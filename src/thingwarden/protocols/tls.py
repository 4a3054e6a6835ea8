"""TLS hellos and certificates -> who talks to whom, how protected (RFC 8446, RFC 5246)."""

from thingwarden.tables import FLAG, LIST, SMALL, TEXT, WHOLE, column, exchange_table

TLS = exchange_table(
    "tls",
    "one row per TLS connection",
    (
        column("sni", TEXT, "server name asked for, lower case; null if absent"),
        column("client_version", TEXT, "highest version offered: SSLv2, SSLv3, 1.0 to 1.3"),
        column("client_alpn", TEXT, "application protocols offered, in order, joined by ','"),
        column(
            "client_ciphers",
            TEXT,
            "cipher suites offered, four hex digits each, in order, joined by '-', "
            "GREASE left out",
        ),
        column("ja4", TEXT, "JA4 fingerprint of the client hello"),
        column("version", TEXT, "version chosen by the server"),
        column("cipher", SMALL, "cipher suite chosen, as number"),
        column("cipher_name", TEXT, "its IANA name; null if not assigned"),
        column("alpn", TEXT, "application protocol chosen, where visible"),
        column(
            "certificates",
            SMALL,
            "certificates that the server showed; null if encrypted or not seen",
        ),
        column("subject", TEXT, "subject of the first certificate, RFC 4514"),
        column("issuer", TEXT, "issuer of the first certificate, RFC 4514"),
        column("names", LIST, "DNS names and IP addresses that it is for"),
        column("not_before_us", WHOLE, "valid from, microseconds since 1970 UTC"),
        column("not_after_us", WHOLE, "valid until, microseconds since 1970 UTC"),
        column("key", TEXT, "its public key, such as rsa-2048 or ec-secp256r1"),
        column("signature", TEXT, "its signature algorithm, such as sha256-rsa"),
        column("self_signed", FLAG, "true if it verifies with its own key"),
        column("certificate_sha256", TEXT, "SHA-256 of its DER form, hex"),
        column("client_went_on", FLAG, "the client sent application data afterwards"),
        column("server_went_on", FLAG, "the server sent application data afterwards"),
        column(
            "client_alert",
            SMALL,
            "number of the alert the client sent in the clear; null if none",
        ),
        column(
            "server_alert",
            SMALL,
            "number of the alert the server sent in the clear; null if none",
        ),
    ),
)
