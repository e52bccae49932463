"""What an export only has the address of: pictures and masks."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import urllib3

import labelbox as lb
from labelbox import exceptions
from labelyard.shell.annotations import NotUsable, Rle, mask_from_pixels

_MASK_SECONDS = 60
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/avif": ".avif",
}


class FileNames:
    """A path for each data row, below the folder of pictures: its external id, made safe, and used only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, line: dict[str, Any]) -> str:
        """The path. No two have the same one without its ending, since annotation files are named after it."""
        data_row = line["data_row"]
        address = (
            unquote(urlsplit(data_row["row_data"]).path) if isinstance(data_row["row_data"], str) else ""
        )
        given = data_row.get("external_id") or data_row.get("global_key") or address
        parts = [part for part in given.replace("\\", "/").split("/") if part.strip() not in ("", ".", "..")]
        safe = [part.replace("\0", "").replace(":", "_")[-120:] for part in parts] or [data_row["id"]]
        stem, dot, ending = safe[-1].rpartition(".")
        if not dot or not stem or not ending.isalnum() or len(ending) > 5:
            stem, ending = safe[-1], _ENDINGS.get(line["media_attributes"].get("mime_type", ""), "")[1:]
        folder = "".join(f"{part}/" for part in safe[:-1])
        if f"{folder}{stem}".lower() in self._taken:
            stem = f"{stem}-{data_row['id']}"
        self._taken.add(f"{folder}{stem}".lower())
        return f"{folder}{stem}{'.' if ending else ''}{ending}"


def download(client: lb.Client, address: str, target: Path) -> None:
    """Fetches a picture. Raises NotUsable when it does not come."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("wb") as file:
            for piece in client.request_client.stream(address, timeout=300):
                file.write(piece)
    except exceptions.LabelboxError as error:
        target.unlink(missing_ok=True)
        raise NotUsable(f"the picture could not be fetched: {error.message}") from None


def fetch_mask(client: lb.Client, address: str, color: tuple[int, int, int] | None) -> Rle:
    """The mask in the picture at an address: what is not black, or what has exactly the colour. Raises NotUsable."""
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    url = urljoin(client.endpoint, address)
    ours = urlsplit(url)[:2] == urlsplit(client.endpoint)[:2]
    headers = client.request_client.headers if ours else {}  # the key goes to the server and to nobody else
    try:
        answer = urllib3.request("GET", url, headers=headers, timeout=_MASK_SECONDS, retries=3)
        if answer.status != 200:
            raise NotUsable(f"a mask could not be fetched: {answer.status} {answer.reason or ''}".strip())
        with Image.open(io.BytesIO(answer.data)) as picture:
            if color is None:
                return mask_from_pixels(np.asarray(picture.convert("L")) > 0)
            return mask_from_pixels((np.asarray(picture.convert("RGB")) == color).all(axis=2))
    except (urllib3.exceptions.HTTPError, OSError, UnidentifiedImageError) as error:
        raise NotUsable(f"a mask could not be fetched: {error}") from None
