"""Why an annotation is not accepted: a name that programs can tell apart, and a sentence for people."""


class AnnotationRefused(ValueError):
    """An annotation fits neither its ontology nor its asset, or is no annotation at all.

    `name` is the error name of status files (InvalidGeometry, UnknownSchema …), the text a sentence that
    names the value (reference/import-ndjson.md 7).
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
