"""The user's network compiled to machine code, and why it is as it is.

**Why compile.** The networks people build here are small: a few dozen weights, batches of ten. An interpreter or a
library call spends its microseconds on overhead that such a network does not need; code written for exactly this
network spends them on arithmetic. `llvmlite` turns text into machine code in some tens of milliseconds, needs no
compiler on the user's machine and leaves nothing on the disk. The same `Program` that the walk executes is emitted
here, operation by operation; the walk stays the reference, and every emitter is held to it by a fuzz test.

**Layout.** Activations lie as [width][batch↑]: one row for each unit, one lane for each sample, the batch padded to
whole vectors. So every activation function works on full vectors without a shuffle, and one micro-kernel (`kernel`)
does forward, delta and weight gradient. For a weight gradient the batch is summed over; the gradient of a wide layer is
transposed by butterflies in registers first, that of a narrow one is summed within vectors (`gradients`). Weights are
padded to whole vectors while code runs (`packing`), so no load or store is ever partial: a padding overrun on odd
shapes was the prototype's worst fault.

**Order.** Within a layer's backward step the gradient for its input is taken before its weights move, and a layer's
weights serve no one else: so weights are stepped as soon as their gradient stands in registers, and no gradient is ever
stored. The penalty, the optimizer's slots and the step are one pass over each vector (`updates`).

**Frozen numbers.** A layer that is frozen whole has no update. One of which some numbers are has a mask, as one more
slot: what is written to them is then what stood there (`updates.Block`). Which numbers these are is data, so that other
ones are frozen without new code; a layer of which none are has no mask and pays nothing.

**Short last batch.** One kernel with a run-time count: missing samples are gathered as row 0 and masked out of the loss
and its slope, and the mean is taken over those that are there. Full batches pay nothing, and stay equal to the bit.

**Random draws.** Inside the loop, by the same counter-based hash as the walk (`random_draws`): a numpy permutation for
each epoch would take longer than the epoch. A dropout's mask is a hash for each value, and is kept for the way back.

**Floating point.** `contract` and `nsz` only. Never full fast-math: it would break the exponent arithmetic of
`functions` and remove the checks by which NaN and infinity are noticed. They are noticed in the chunk's summed loss;
the chunk is then gone over again, batch by batch, from a copy of its start (`engine`): where all is well nothing is
paid.

**Compile time** is mostly code generation (level 1, no passes), and grows with the text: loops stay loops beyond a few
rounds, and layers of one shape share their code (`network`).
"""
