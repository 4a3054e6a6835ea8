"""NTP packets -> who asks whom for the time (RFC 5905)."""

from thingwarden.tables import SMALL, TEXT, column, message_table

NTP = message_table(
    "ntp",
    "one row per NTP packet",
    (
        column("version", SMALL, "version"),
        column("mode", SMALL, "3 client, 4 server, 5 broadcast, 6 control, 7 private"),
        column("stratum", SMALL, "distance from a clock; null for modes 6 and 7"),
        column(
            "reference",
            TEXT,
            "reference identifier: four letters at stratum 0 and 1, else an "
            "address; null for modes 6 and 7",
        ),
    ),
)
