"""The ways in which a job cannot be done; the text of each is what the user sees."""


class ThingwardenError(Exception):
    """A job that cannot be done: one sentence, and a `hint` at what would help."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint


class CaptureError(ThingwardenError):
    """A capture that cannot be opened, or is none."""


class SiteError(ThingwardenError):
    """A site's folder that cannot be read or written, or is of another version."""


class ReportError(ThingwardenError):
    """A report that cannot be read, is of another schema, or cannot be written."""


class LabelError(ThingwardenError):
    """A label for a device that is unknown, or with a value that is not allowed."""


class KernelError(ThingwardenError):
    """Kernels that cannot be compiled for this machine."""


class KnowledgeError(ThingwardenError):
    """Knowledge of devices that cannot be read or written, or is foreign."""


class PolicyError(ThingwardenError):
    """A policy, or a MUD file, that cannot be read, contradicts itself, or breaks an invariant."""


class GatewayError(ThingwardenError):
    """Rules that cannot be loaded, or a machine that cannot enforce them."""
