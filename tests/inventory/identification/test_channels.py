"""The channels of evidence."""

from thingwarden.inventory.identification.channels import CHANNELS


def test_every_channel_has_its_name_its_words_and_a_weight():
    for name, channel in CHANNELS.items():
        assert channel.name == name
        assert "{}" in channel.says
        assert 0 < channel.weight <= 1


def test_its_own_word_weighs_more_than_its_habits():
    assert CHANNELS["upnp-model"].weight > CHANNELS["domain"].weight > CHANNELS["open-port"].weight
