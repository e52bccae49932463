"""DICOM files: their size, their slices, what took them."""

from dataclasses import dataclass
from pathlib import Path

from labelyard.media.refusals import MediaRefused


@dataclass(frozen=True, slots=True)
class DicomFacts:
    """Columns and rows in pixels, number of slices or frames, modality such as CT."""

    width: int
    height: int
    frame_count: int
    modality: str


def read_dicom(path: Path) -> DicomFacts:
    """Read a file's header, no pixels. Raises `MediaRefused`."""
    import pydicom

    try:
        header = pydicom.dcmread(path, stop_before_pixels=True)
        rows, columns = header.get("Rows"), header.get("Columns")
        if not rows or not columns:
            raise MediaRefused("The DICOM file holds no picture.")
        return DicomFacts(
            int(columns), int(rows), int(header.get("NumberOfFrames") or 1), str(header.get("Modality") or "")
        )
    except (pydicom.errors.InvalidDicomError, ValueError, TypeError, AttributeError) as error:
        raise MediaRefused(f"The DICOM file cannot be read: {error}.") from None
