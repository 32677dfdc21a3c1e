//! What a coaching action is part of.

use super::closed_set;

closed_set! {
    /// The kind of help that an agreement is: the four that follow from skill and will.
    Programme {
        /// Skills are trained.
        Train => "train", "培训";
        /// Good work is encouraged.
        Motivate => "motivate", "激励";
        /// Somebody who can is given more to decide.
        Empower => "empower", "授权";
        /// Somebody is supported.
        Support => "support", "支持";
    }
}
