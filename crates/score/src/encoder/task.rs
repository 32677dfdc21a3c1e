//! Work on rows, run in the processor's widest registers.
//!
//! A variant for each kind of work and not a closure: only what is inlined into the dispatched
//! function uses its registers, and a closure cannot be told to be. Closures were compiled for the
//! oldest processors and took a fifth of the whole time.

use pulp::{Arch, Simd, WithSimd};

use super::math::{self, Attention, Norm};

/// What is to be done.
pub(super) enum Task<'a> {
    /// [`Norm::apply`].
    Norm { norm: &'a Norm, x: &'a mut [f32], added: &'a [f32], epsilon: f32 },
    /// [`math::gelu`] of `from` into `to`.
    Gelu { from: &'a [f32], to: &'a mut [f32] },
    /// [`Attention::apply`] for sequences of these lengths.
    Attend { attention: &'a mut Attention, lengths: &'a [usize], qkv: &'a [f32], seen: &'a mut [f32] },
    /// [`Norm::back`].
    NormBack { norm: &'a Norm, x: &'a [f32], added: &'a [f32], epsilon: f32, gradient: &'a mut [f32] },
    /// [`math::gelu_back`].
    GeluBack { values: &'a [f32], gradient: &'a mut [f32] },
    /// [`Attention::back`] for sequences of these lengths.
    AttendBack {
        attention: &'a mut Attention,
        lengths: &'a [usize],
        qkv: &'a [f32],
        seen: &'a [f32],
        gradient: &'a mut [f32],
    },
}

impl Task<'_> {
    /// Does it.
    pub(super) fn run(self, arch: Arch) {
        arch.dispatch(self);
    }
}

impl WithSimd for Task<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "only what is inlined into the dispatched function uses its registers"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match self {
            Self::Norm { norm, x, added, epsilon } => norm.apply(x, added, epsilon),
            Self::Gelu { from, to } => math::gelu(from, to),
            Self::Attend { attention, lengths, mut qkv, mut seen } => {
                for length in lengths {
                    let size = (length * attention.width).min(seen.len());
                    let (now, rest) = seen.split_at_mut(size);
                    attention.apply(qkv.get(..size * 3).unwrap_or_default(), now);
                    (qkv, seen) = (qkv.get(size * 3..).unwrap_or_default(), rest);
                }
            }
            Self::NormBack { norm, x, added, epsilon, gradient } => norm.back(x, added, epsilon, gradient),
            Self::GeluBack { values, gradient } => math::gelu_back(values, gradient),
            Self::AttendBack { attention, lengths, qkv, seen, mut gradient } => {
                let mut from = 0;
                for length in lengths {
                    let size = length * attention.width;
                    let (now, rest) = gradient.split_at_mut((size * 3).min(gradient.len()));
                    let forth = qkv.get(from * 3..(from + size) * 3).unwrap_or_default();
                    attention.back(forth, seen.get(from..from + size).unwrap_or_default(), now);
                    (from, gradient) = (from + size, rest);
                }
            }
        }
    }
}
