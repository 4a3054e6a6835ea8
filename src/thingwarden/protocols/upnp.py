"""UPnP descriptions -> what a device says that it is (UPnP Device Architecture 2.0, section 2)."""

from thingwarden.tables import FLAG, TEXT, column, message_table

UPNP = message_table(
    "upnp",
    "one row per device description, embedded devices too",
    (
        column("udn", TEXT, "unique device name"),
        column("device_type", TEXT, "device type"),
        column("friendly_name", TEXT, "name for people"),
        column("manufacturer", TEXT, "manufacturer"),
        column("model_name", TEXT, "model name"),
        column("model_number", TEXT, "model number"),
        column("model_description", TEXT, "model description"),
        column("embedded", FLAG, "true for a device inside another's description"),
    ),
)
