//! What a planned coaching programme can show, before anybody is coached.

use serde::{Deserialize, Serialize};

use crate::count;
use crate::distribution::{Z_95, normal_cdf, normal_quantile};

/// A programme as planned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// People to be coached.
    pub coached: usize,
    /// Different colleagues they are compared with.
    pub peers: usize,
    /// Contacts per person before.
    pub before: f64,
    /// Contacts per person after.
    pub after: f64,
    /// Events per contact, in (0, 1).
    pub rate: f64,
    /// Standard deviation of people's true rates, in events per contact; the before-value is shrunk
    /// by it.
    pub between: f64,
    /// Standard deviation of people's true change from one period to the next; 0 is optimistic.
    pub drift: f64,
}

impl Plan {
    /// Standard error of the difference in events per contact; infinite without people or contacts.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        if self.coached == 0 || self.peers == 0 || self.after <= 0.0 {
            return f64::INFINITY;
        }
        let once = self.rate * (1.0 - self.rate);
        let known = self.between * self.between;
        // what remains unknown of a before-rate after shrinking: τ²s²/(τ²+s²), written so that no
        // contacts mean τ²
        let before = known * once / (known * self.before.max(0.0) + once).max(f64::MIN_POSITIVE);
        let each = before + once / self.after + self.drift * self.drift;
        (each * (1.0 / count(self.coached) + 1.0 / count(self.peers))).sqrt()
    }

    /// Probability that a true `difference` is found at the two-sided 5 % level.
    #[must_use]
    pub fn power(&self, difference: f64) -> f64 {
        let shift = difference.abs() / self.standard_error();
        normal_cdf(shift - Z_95) + normal_cdf(-shift - Z_95)
    }

    /// Smallest true difference, in events per contact, found with probability `power` in (.05, 1);
    /// .8 is usual.
    #[must_use]
    pub fn minimum_detectable(&self, power: f64) -> f64 {
        (Z_95 + normal_quantile(power)).max(0.0) * self.standard_error()
    }
}
