"""Why a file cannot be shown or labeled."""


class MediaRefused(ValueError):
    """The bytes are not a usable file of their kind; the text is the sentence of the data row's processing
    error.
    """
