"""Films: how large a frame is, how many there are, how fast they go."""

from dataclasses import dataclass
from pathlib import Path

from labelyard.media.refusals import MediaRefused


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Width and height of the upright frame in pixels, seconds, frames a second, number of frames, codec's name."""

    width: int
    height: int
    duration: float
    frame_rate: float
    frame_count: int
    codec: str


def read_video(path: Path) -> VideoFacts | None:
    """Read a film's headers and packet table, no picture; None when it holds sound only. Raises `MediaRefused`."""
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                if container.streams.audio:
                    return None
                raise MediaRefused("The film holds neither pictures nor sound.")
            stream = container.streams.video[0]
            first = last = None
            count = 0
            for packet in container.demux(stream):
                if packet.pts is None:
                    continue
                count += 1
                first = packet.pts if first is None else min(first, packet.pts)
                last = packet.pts + (packet.duration or 0) if last is None else max(last, packet.pts)
            if not count or stream.time_base is None or first is None or last is None:
                raise MediaRefused("The film holds no pictures.")
            rate = float(stream.average_rate or stream.guessed_rate or 0)
            lasts = float((last - first) * stream.time_base)
            duration = count / rate if rate else lasts
            width, height = stream.codec_context.width, stream.codec_context.height
            if abs(_rotation(stream)) in (90, 270):
                width, height = height, width
            return VideoFacts(
                width, height, round(duration, 3), round(rate, 3), count, stream.codec_context.name
            )
    except (av.FFmpegError, ValueError) as error:
        raise MediaRefused(f"The film cannot be read: {error}.") from None


def _rotation(stream: object) -> int:
    """How a telephone held the camera, in degrees, as older files note it."""
    metadata = getattr(stream, "metadata", {})
    try:
        return int(metadata.get("rotate", 0))
    except ValueError:
        return 0
