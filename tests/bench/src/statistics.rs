//! Figures of several rounds as one.

/// The middle one, or what lies between the two in the middle.
pub fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    let upper = figures.len() / 2;
    let lower = (figures.len() - 1) / 2;
    f64::midpoint(figures[lower], figures[upper])
}

/// All of them, as text.
pub fn listed(figures: &[f64]) -> String {
    figures.iter().map(|figure| format!("{figure:.2}")).collect::<Vec<_>>().join(", ")
}
