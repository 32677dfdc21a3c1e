//! Numbers that stand for traits.

/// A number for a trait of this `kind` with these values.
pub(super) fn mix(kind: u32, values: impl IntoIterator<Item = u32>) -> u32 {
    let mut hash = u64::from(kind).wrapping_add(0x9e37_79b9_7f4a_7c15);
    for value in values {
        hash = (hash ^ u64::from(value)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash >> 29;
    }
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    u32::try_from(hash >> 32).unwrap_or_default()
}
