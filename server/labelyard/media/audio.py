"""Sound files: how long they are, and how they are sampled."""

from dataclasses import dataclass
from pathlib import Path

from labelyard.media.refusals import MediaRefused


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """Seconds, samples a second, number of channels, codec's name."""

    duration: float
    sample_rate: int
    channels: int
    codec: str


def read_audio(path: Path) -> AudioFacts:
    """Read a sound file's headers. Raises `MediaRefused`."""
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise MediaRefused("The file holds no sound.")
            stream = container.streams.audio[0]
            if stream.duration is not None and stream.time_base is not None:
                seconds = float(stream.duration * stream.time_base)
            else:
                seconds = (container.duration or 0) / 1_000_000
            context = stream.codec_context
            return AudioFacts(round(seconds, 3), context.sample_rate, context.channels, context.name)
    except (av.FFmpegError, ValueError) as error:
        raise MediaRefused(f"The sound file cannot be read: {error}.") from None
