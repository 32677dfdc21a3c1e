//! Contacts in batches that hold neither too many nor too much text.

/// Bytes of text in one batch; a longer contact is a batch of its own. Whatever a file holds, the
/// memory that its contacts take while they are worked on follows from this.
pub(crate) const BATCH_BYTES: usize = 256 * 1024;

/// Cuts a sequence into batches of at most `most` items and [`BATCH_BYTES`].
pub(crate) struct Batches<I: Iterator> {
    items: I,
    most: usize,
    size: fn(&I::Item) -> usize,
    /// What did not fit into the batch before.
    next: Option<I::Item>,
}

impl<I: Iterator> Batches<I> {
    pub(crate) fn new(items: I, most: usize, size: fn(&I::Item) -> usize) -> Self {
        Self { items, most, size, next: None }
    }
}

impl<I: Iterator> Iterator for Batches<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mut batch, mut bytes) = (Vec::new(), 0_usize);
        while batch.len() < self.most {
            let Some(item) = self.next.take().or_else(|| self.items.next()) else { break };
            bytes = bytes.saturating_add((self.size)(&item));
            if bytes > BATCH_BYTES && !batch.is_empty() {
                self.next = Some(item);
                break;
            }
            batch.push(item);
        }
        (!batch.is_empty()).then_some(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_a_limit_of_items_and_of_bytes_and_a_large_item_comes_alone() {
        let sizes = [1, 1, 1, 1, BATCH_BYTES / 2, BATCH_BYTES / 2, 1, 9 * BATCH_BYTES, 1];

        let batches: Vec<Vec<usize>> = Batches::new(sizes.into_iter(), 3, |size| *size).collect();

        let half = BATCH_BYTES / 2;
        assert_eq!(batches, [vec![1, 1, 1], vec![1, half], vec![half, 1], vec![9 * BATCH_BYTES], vec![1]]);
    }
}
