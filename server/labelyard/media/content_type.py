"""Content types: from the end of a name or URL, and from the first bytes of a file."""

from urllib.parse import unquote, urlsplit

_BY_EXTENSION = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "jpe": "image/jpeg",
    "jfif": "image/jpeg",
    "png": "image/png",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "txt": "text/plain",
    "csv": "text/csv",
    "html": "text/html",
    "htm": "text/html",
    "pdf": "application/pdf",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "dcm": "application/dicom",
}

_MEDIA_TYPES = {
    "application/pdf": "PDF",
    "application/dicom": "DICOM",
    "application/json": "JSON",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "application/vnd.labelbox.conversational": "CONVERSATIONAL",
}


def guess_content_type(name: str) -> str | None:
    """The content type that the end of a file name or URL suggests, or None."""
    try:
        path = urlsplit(name).path if "://" in name else name
    except ValueError:
        return None
    _, dot, extension = unquote(path).rpartition("/")[2].rpartition(".")
    return _BY_EXTENSION.get(extension.lower()) if dot else None


def media_type_of(content_type: str) -> str | None:
    """The media type (IMAGE, VIDEO …) of a content type, or None when it says nothing."""
    name = content_type.partition(";")[0].strip().lower()
    if name in _MEDIA_TYPES:
        return _MEDIA_TYPES[name]
    kind = name.partition("/")[0]
    return {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO", "text": "TEXT"}.get(kind)


def sniff_content_type(head: bytes) -> str | None:
    """The content type that a file's first bytes (256 are enough) prove, or None."""
    for signature, content_type in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
    ):
        if head.startswith(signature):
            return content_type
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return {
            b"avif": "image/avif",
            b"heic": "image/heic",
            b"M4A ": "audio/mp4",
            b"qt  ": "video/quicktime",
        }.get(head[8:12], "video/mp4")
    if head[128:132] == b"DICM":
        return "application/dicom"
    start = head.lstrip()[:15].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    return "image/svg+xml" if start.startswith(b"<svg") else None


def looks_like_text(head: bytes) -> bool:
    """Whether a file's first bytes are UTF-8 text (a character may be cut at the end)."""
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True
