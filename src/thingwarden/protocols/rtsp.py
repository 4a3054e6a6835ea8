"""RTSP messages -> requests for streams with their answers (RFC 2326, RFC 7826)."""

from thingwarden.tables import SMALL, TEXT, column, exchange_table

RTSP = exchange_table(
    "rtsp",
    "one row per RTSP request with its answer",
    (
        column("method", TEXT, "request method"),
        column("path", TEXT, "path of the stream without query or user, at most 200 characters"),
        column("user_agent", TEXT, "User-Agent header"),
        column("credentials", TEXT, "basic, digest or other; null if none"),
        column("status", SMALL, "status code of the answer"),
        column("server", TEXT, "Server header"),
        column("authenticate", TEXT, "scheme of WWW-Authenticate, lower case"),
    ),
)
