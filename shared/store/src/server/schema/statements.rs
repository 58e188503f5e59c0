//! A step for MySQL, statement by statement.

/// The statements of a step, without comments. A statement ends with `;` at the end of a line; its body may hold no such
/// line. `{collation}` is the one that compares byte by byte, trailing spaces included: MySQL and MariaDB have no common
/// name for it.
pub(super) fn statements(step: &str, collation: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for line in step.lines() {
        let code = line.split_once("-- ").map_or(line, |(code, _)| code).trim_end();
        if code.trim().is_empty() || code.trim() == "--" {
            continue;
        }
        current.push_str(code);
        current.push('\n');
        if code.ends_with(';') {
            let statement = current.trim_end().trim_end_matches(';').replace("{collation}", collation);
            statements.push(statement);
            current.clear();
        }
    }
    assert!(current.is_empty(), "a migration does not end with a semicolon"); // every step is run by the tests
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_statements_part_at_the_ends_of_lines() {
        let step = "-- What; for\n--\nCREATE TABLE a (\n  b INT, -- why;\n  c TEXT COLLATE {collation}\n);\n\n\
                    CREATE TRIGGER t FOR EACH ROW\n  SIGNAL x; -- ends here\n";
        assert_eq!(
            statements(step, "utf8mb4_bin"),
            [
                "CREATE TABLE a (\n  b INT,\n  c TEXT COLLATE utf8mb4_bin\n)",
                "CREATE TRIGGER t FOR EACH ROW\n  SIGNAL x"
            ]
        );
    }
}
