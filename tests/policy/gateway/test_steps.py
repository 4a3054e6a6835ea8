from thingwarden.policy.gateway.steps import Step


def test_steps_go_from_counting_to_stopping_all():
    assert [step.value for step in Step] == ["log", "internet", "all"]
