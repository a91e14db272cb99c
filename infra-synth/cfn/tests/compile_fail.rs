//! What must not compile, one defect a file.

#[test]
fn a_value_of_the_wrong_kind_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
