"""The run in words: the status line, for reading and for a screen reader, and how it came to its end."""

from __future__ import annotations

from playground.messages import Message, message
from playground.training.snapshot import Ended, Snapshot
from playground.ui.translation import figure, tr
from playground.ui.widgets.toast import Mood


def status_text(snapshot: Snapshot) -> str:
    """Epoch, updates, speed, losses and accuracy of a snapshot, in the language of the window."""
    figures = snapshot.figures
    parts = [
        tr("Epoch {epoch}", epoch=figure(snapshot.epoch)),
        tr("{updates} updates", updates=figure(snapshot.updates)),
    ]
    if snapshot.samples_per_second is not None:
        parts.append(tr("{speed} samples/s", speed=figure(round(snapshot.samples_per_second))))
    parts.append(tr("training loss {loss}", loss=figure(figures.train_loss)))
    if figures.penalty:
        parts.append(tr("penalty {penalty}", penalty=figure(figures.penalty)))
    if figures.test_loss is not None:
        parts.append(tr("test loss {loss}", loss=figure(figures.test_loss)))
    if figures.train_accuracy is not None:
        parts.append(tr("training accuracy {accuracy}", accuracy=figure(figures.train_accuracy, percent=True)))
    if figures.test_accuracy is not None:
        parts.append(tr("test accuracy {accuracy}", accuracy=figure(figures.test_accuracy, percent=True)))
    return " · ".join(parts)


def end_words(event: Ended) -> tuple[Message, Mood] | None:
    """What a finished run says of its end, and in which mood; None where somebody has stopped it."""
    if event.divergence is not None:
        rate = event.divergence.learning_rate
        text = message(
            "The loss ran away at update {update}: the learning rate {rate} is too large here. "
            "The last good weights are back; try {smaller}.",
            update=event.divergence.update,
            rate=rate,
            smaller=f"{rate / 10:.3g}",
        )
        return text, "error"
    match event.stopped:
        case "epochs":
            text = message("Epoch {epoch} is done. Train goes on from here.", epoch=event.epoch)
        case "early_stopping":
            text = message("Stopped early in epoch {epoch}: the test loss no longer fell.", epoch=event.epoch)
        case "target_loss":
            text = message("The training loss has come down to its target in epoch {epoch}.", epoch=event.epoch)
        case _:
            return None
    if event.restored is not None:
        text = message("{ended} The weights of epoch {best} are back.", ended=text, best=event.restored)
    return text, "ok"
