//! Distances on the ellipsoid, as 47 CFR 73.208(c) computes them: metres per degree at the middle latitude. Good to
//! a few metres in 100 km, and plain arithmetic: both engines find the same number, and SQLite needs no sine.
//!
//! The middle latitude is another for every row; so a statement is given the series around the latitude asked for,
//! `c0 + c1·d + c2·d²`, with `d` half the difference of latitudes in degrees.

use std::fmt;

/// A radius never reaches further, in metres: the series holds that far.
pub const FARTHEST: i32 = 200_000;
/// Fewer metres than a degree of latitude has anywhere: what a band of latitudes is made with.
pub const SHORTEST_DEGREE: f64 = 110_500.0;

/// Along which axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Along a meridian.
    North,
    /// Along a parallel.
    East,
}

/// A coefficient of the series.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Coefficient {
    /// Of which axis.
    pub axis: Axis,
    /// Of which power: 0, 1 or 2.
    pub power: u8,
}

impl fmt::Debug for Coefficient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}^{}", self.axis, self.power)
    }
}

impl Coefficient {
    /// Its value around a latitude in degrees: metres per degree, per degree of latitude to the power.
    pub fn around(self, latitude: f64) -> f64 {
        // Amplitude in kilometres and multiple of the latitude: 47 CFR 73.208(c)(3).
        let terms: [(f64, f64); 3] = match self.axis {
            Axis::North => [(111.132_09, 0.0), (-0.566_05, 2.0), (0.001_20, 4.0)],
            Axis::East => [(111.415_13, 1.0), (-0.094_55, 3.0), (0.000_12, 5.0)],
        };
        let angle = latitude.to_radians();
        let degree = 1.0_f64.to_radians();
        terms
            .into_iter()
            .map(|(amplitude, multiple)| {
                let (step, at) = (multiple * degree, multiple * angle);
                1000.0
                    * amplitude
                    * match self.power {
                        0 => at.cos(),
                        1 => -step * at.sin(),
                        _ => -step * step * at.cos() / 2.0,
                    }
            })
            .sum()
    }
}

/// Metres between two points near each other, degrees north and east.
pub fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (north, east) = (to.0 - from.0, to.1 - from.1);
    let middle = north / 2.0;
    let length = |axis, degrees: f64| {
        let c = |power| Coefficient { axis, power }.around(from.0);
        degrees * (c(0) + c(1) * middle + c(2) * middle * middle)
    };
    length(Axis::North, north).hypot(length(Axis::East, east))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against geodesics by Vincenty's inverse formula on WGS 84 (test points of geodesy texts, and their symmetry).
    #[test]
    fn distances_are_those_of_the_ellipsoid() {
        // One degree of latitude at the equator and at 45°, one of longitude at the equator: the defining lengths.
        for (from, to, expected) in [
            ((0.0, 0.0), (1.0, 0.0), 110_574.4),
            ((44.5, 0.0), (45.5, 0.0), 111_131.8),
            ((0.0, 0.0), (0.0, 1.0), 111_319.5),
            ((38.9, -77.0), (39.9, -77.0), 111_023.5),
        ] {
            let found = distance(from, to);
            assert!((found - expected).abs() < 25.0, "{from:?} {to:?}: {found} instead of {expected}");
            assert!((distance(to, from) - found).abs() < 0.5, "the same both ways");
        }
    }
}
