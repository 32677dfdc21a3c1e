//! One contact with a defect, and its neighbours.

use std::sync::Arc;

use tingxin::domain::{RedactedContact, UtteranceScore};
use tingxin::events::Deaf;
use tingxin::ingest::parse_contact;
use tingxin::pipeline::Analyzer;
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::score::{self, EmotionModel, ModelError, ModelIdentity, ScoreCache, ScoreInput, Scorer};
use tingxin::segment::Segmenter;

/// Reads as the word lists do, and falls over one word.
struct Stumbling(Box<dyn EmotionModel>);

impl EmotionModel for Stumbling {
    fn identity(&self) -> &ModelIdentity {
        self.0.identity()
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        assert!(batch.iter().all(|input| !input.text.line.text.as_str().contains("轰隆")), "a defect");
        self.0.score(batch)
    }
}

fn contact(id: &str, text: &str) -> RedactedContact {
    let json = format!(
        r#"{{"source":"s","contact_id":"{id}","channel":"chat","utterances":[{{"speaker":"customer","text":"{text}"}}]}}"#
    );
    Redactor::new(PseudonymKey::new([7; 32])).redact(parse_contact(json.as_bytes()).unwrap()).contact
}

#[test]
fn a_contact_that_meets_a_defect_costs_no_other() {
    let model = Box::new(Stumbling(score::load("lexicon").unwrap()));
    let scorer = Scorer::new(model, ScoreCache::default());
    let mut analyzer = Analyzer::new(Segmenter::new().unwrap(), scorer, Arc::new(Deaf));
    let contacts = vec![contact("1", "气死我了"), contact("2", "轰隆一声就断网了"), contact("3", "谢谢你")];

    let each = analyzer.analyse_each(contacts).unwrap();

    let ids: Vec<_> =
        each.iter().map(|one| one.as_ref().map(|done| done.analysis.contact_id.to_string())).collect();
    assert_eq!((ids[0].as_deref(), ids[2].as_deref()), (Ok("1"), Ok("3")));
    let refusal = ids[1].as_ref().unwrap_err();
    assert_eq!((refusal.code, refusal.message.contains("contact 2 of s")), ("analysis_failed", true));
}
