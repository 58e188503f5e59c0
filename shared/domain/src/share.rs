//! The part of a limit that one of several processes has.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One of several equal parts, whose sizes differ by one at the most and add up to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which part, from 0.
    pub number: u32,
    /// How many there are; with 0 this place has nothing.
    pub of: u32,
}

impl Place {
    /// Everything.
    pub const WHOLE: Self = Self { number: 0, of: 1 };
    /// Nothing.
    pub const NONE: Self = Self { number: 0, of: 0 };

    /// This place's part of a limit. The parts of all places of one `of` add up to the limit, never to more.
    pub const fn part_of(self, limit: u32) -> u32 {
        if self.of == 0 { 0 } else { limit.saturating_sub(self.number).div_ceil(self.of) }
    }

    /// True when its part is no larger than the other's, whatever the limit.
    pub const fn is_within(self, other: Self) -> bool {
        self.of == 0 || (other.of != 0 && self.of >= other.of && self.number >= other.number)
    }

    /// A place whose part is no larger than either's.
    #[must_use]
    pub const fn narrowed_to(self, other: Self) -> Self {
        if self.of == 0 || other.of == 0 {
            return Self::NONE;
        }
        let number = if self.number > other.number { self.number } else { other.number };
        let of = if self.of > other.of { self.of } else { other.of };
        Self { number, of }
    }
}

/// The place of this process, which changes as others come and go. Clones are one.
#[derive(Debug, Clone)]
pub struct Share(Arc<AtomicU64>);

impl Default for Share {
    /// The whole, as for a process that is alone.
    fn default() -> Self {
        let share = Self(Arc::default());
        share.set(Place::WHOLE);
        share
    }
}

impl Share {
    /// The place now.
    pub fn place(&self) -> Place {
        let both = self.0.load(Ordering::SeqCst);
        Place { number: (both >> 32) as u32, of: both as u32 }
    }

    /// Gives it another place.
    pub fn set(&self, place: Place) {
        self.0.store((u64::from(place.number) << 32) | u64::from(place.of), Ordering::SeqCst);
    }

    /// The part of a limit that this process has now.
    pub fn of(&self, limit: u32) -> u32 {
        self.place().part_of(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_limit_and_differ_by_one() {
        for limit in 0..40 {
            for of in 1..12 {
                let parts: Vec<u32> = (0..of).map(|number| Place { number, of }.part_of(limit)).collect();
                assert_eq!(parts.iter().sum::<u32>(), limit, "{parts:?}");
                assert!(parts.iter().max().unwrap() - parts.iter().min().unwrap() <= 1, "{parts:?}");
            }
        }
        assert_eq!((Place::WHOLE.part_of(16), Place::NONE.part_of(16)), (16, 0));
    }

    #[test]
    fn a_place_within_another_never_has_more_of_any_limit() {
        let places = (0..6).flat_map(|of| (0..of.max(1)).map(move |number| Place { number, of }));
        let places: Vec<Place> = places.collect();
        for (a, b) in places.iter().flat_map(|a| places.iter().map(move |b| (*a, *b))) {
            let both = a.narrowed_to(b);
            assert!(both.is_within(a) && both.is_within(b), "{a:?} {b:?}");
            for limit in 0..30 {
                assert!(!a.is_within(b) || a.part_of(limit) <= b.part_of(limit), "{a:?} {b:?} {limit}");
            }
        }
    }

    #[test]
    fn clones_change_together() {
        let share = Share::default();
        let clone = share.clone();
        assert_eq!(clone.of(5), 5);
        share.set(Place { number: 1, of: 2 });
        assert_eq!(clone.of(5), 2);
        assert_eq!(clone.place(), Place { number: 1, of: 2 });
    }
}
