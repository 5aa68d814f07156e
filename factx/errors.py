"""What can go wrong, as a small tree; the command turns each into one line on standard error.

FactxError
  InputError      an input cannot be read (the rest of the run goes on)
  OutputError     the result cannot be written
  PipelineError   the pipeline is missing, damaged or of another version
"""


class FactxError(Exception):
    """Base of all errors that factx raises on purpose; its text says what, where and what to do."""


class InputError(FactxError):
    """An input cannot be read as asked."""


class OutputError(FactxError):
    """The result cannot be written where it should go."""


class PipelineError(FactxError):
    """The trained pipeline cannot be loaded."""
