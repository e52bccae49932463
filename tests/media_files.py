"""Small real files of every media type, made when they are needed.

The libraries are imported where they are used: the published clients' environments do not have them.
"""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

CHAT: dict[str, Any] = {
    "type": "application/vnd.labelbox.conversational",
    "version": 1,
    "messages": [
        {"messageId": "m1", "content": "hello", "user": {"userId": "u", "name": "Ann"}},
        {"messageId": "m2", "content": "hi", "user": {"userId": "v", "name": "Bob"}},
    ],
}


def film(
    path: Path, frames: int = 20, rate: int = 10, with_sound: bool = False, pictures: bool = True
) -> Path:
    """An MP4 of so many frames."""
    import av
    import numpy as np

    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("mpeg4", rate=rate) if pictures else None
        sound = container.add_stream("aac", rate=44_100) if with_sound else None
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            for number in range(frames):
                picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 5, np.uint8), "rgb24")
                container.mux(video.encode(picture))
            container.mux(video.encode())
        if sound is not None:
            for number in range(40):
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
                silence.sample_rate, silence.pts, silence.time_base = (
                    44_100,
                    number * 1024,
                    Fraction(1, 44_100),
                )
                container.mux(sound.encode(silence))
            container.mux(sound.encode())
    return path


def sound(path: Path) -> Path:
    """Two seconds of silence."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\0" * 8_000 * 2 * 2 * 2)
    return path


def pdf(path: Path, pages: int = 3) -> Path:
    """Pages of A4."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(path)
    document.close()
    return path


def dicom(path: Path) -> Path:
    """Four slices of 8 by 6 pixels."""
    import pydicom
    from pydicom.dataset import FileMetaDataset

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = pydicom.uid.CTImageStorage
    meta.MediaStorageSOPInstanceUID = pydicom.uid.generate_uid()
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    scan = pydicom.Dataset()
    scan.file_meta = meta
    scan.SOPClassUID, scan.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    scan.Rows, scan.Columns, scan.NumberOfFrames, scan.Modality = 6, 8, 4, "CT"
    scan.save_as(path, enforce_file_format=True)
    return path
