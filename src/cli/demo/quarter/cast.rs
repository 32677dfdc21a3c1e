//! Who is planted, and what happens in their contacts.

use super::assets::SceneCourse;
use super::chance::SeededChance;

/// A row of the table: a person from a week to another one.
struct CastRow {
    who: &'static str,
    from: i64,
    to: i64,
    /// Of a thousand contacts, so many go so.
    shares: Vec<(SceneCourse, u32)>,
}

/// Everybody's shares.
pub(super) struct Cast(Vec<CastRow>);

impl Cast {
    /// Reads the table that is compiled in.
    pub(super) fn read() -> Self {
        let mut rows = include_str!("planted.tsv").lines().filter(|line| !line.starts_with('#'));
        let names: Vec<&str> = rows.next().into_iter().flat_map(|head| head.split('\t').skip(3)).collect();
        let courses: Vec<_> = names.into_iter().filter_map(SceneCourse::from_name).collect();
        Self(rows.filter_map(|row| read_row(row, &courses)).collect())
    }

    /// How a contact goes that somebody has in a week, counted back from the running one.
    pub(super) fn course(&self, who: &str, weeks_ago: i64, chance: &mut SeededChance) -> SceneCourse {
        let within = |row: &&CastRow| row.from >= weeks_ago && weeks_ago >= row.to;
        let own = self.0.iter().filter(within).find(|row| row.who == who);
        let usual = || self.0.iter().find(|row| row.who == "usual");
        let Some(row) = own.or_else(usual) else { return SceneCourse::Calm };
        let mut at = u32::try_from(chance.below(1_000)).unwrap_or_default();
        for (course, share) in &row.shares {
            match at.checked_sub(*share) {
                None => return *course,
                Some(rest) => at = rest,
            }
        }
        SceneCourse::Calm
    }
}

fn read_row(row: &'static str, courses: &[SceneCourse]) -> Option<CastRow> {
    let mut cells = row.split('\t');
    let (who, from, to) = (cells.next()?, cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
    let shares = courses.iter().copied().zip(cells.filter_map(|cell| cell.parse().ok()));
    Some(CastRow { who, from, to, shares: shares.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_contacts_are_calm_and_those_of_who_is_planted_are_not() {
        let cast = Cast::read();
        let share = |who: &str, week: i64, wanted: SceneCourse| {
            let of = |n: u64| cast.course(who, week, &mut SeededChance::of(&[n])) == wanted;
            (0..1_000).filter(|n| of(*n)).count()
        };

        assert!(share("A1002", 3, SceneCourse::Calm) > 700);
        assert!(share("A1004", 3, SceneCourse::Lapse) > 100);
        assert!(share("A2003", 3, SceneCourse::Recovery) > 250);
        // Coached seven weeks ago: one changed, the other did not.
        assert!(share("A1005", 9, SceneCourse::Sour) > 10 * share("A1005", 3, SceneCourse::Sour));
        assert!(share("A2005", 3, SceneCourse::Sour) > 250);
    }
}
