//! Names the shared library, and with the feature `generate-header` writes include/mapispool.h.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        link_arguments_for_linux();
    }
    link_version_resource();
    #[cfg(feature = "generate-header")]
    header::generate();
}

/// The name that programs load, and how the library is loaded.
fn link_arguments_for_linux() {
    // Before 1.0 each minor version may break its users; from then on each major one.
    let abi = match (
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
    ) {
        ("0", minor) => format!("0.{minor}"),
        (major, _) => major.to_owned(),
    };
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libmapispool.so.{abi}");
    // Providers get unloaded; Rust's thread-local destructors must not be, while threads still run them.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,relro,-z,now");
}

/// For Windows: compiled by cmake/Windows.cmake, which has a compiler for it. A plain `cargo build` does without.
fn link_version_resource() {
    println!("cargo::rerun-if-env-changed=MAPISPOOL_VERSION_RESOURCE");
    if let Ok(object) = std::env::var("MAPISPOOL_VERSION_RESOURCE") {
        println!("cargo::rustc-cdylib-link-arg={object}");
    }
}

/// Writes the header: the manual of src/capi/mapispool.h.in, filled with what the Rust sources declare.
///
/// cbindgen reads the types and functions. Constants are read here, because MAPI's are to be spelled in
/// MAPI's own tokens (`((ULONG) 0x00000008)`): only then is a second definition in mapidefs.h none.
#[cfg(feature = "generate-header")]
mod header {
    use std::collections::{BTreeMap, BTreeSet};
    use std::{env, fs};

    const TEMPLATE: &str = "src/capi/mapispool.h.in";
    const CONSTANTS: [&str; 2] = ["src/engine/mapi.rs", "src/capi/types.rs"];
    const WIDTH: usize = 100;

    /// Declarations with their comments, by name.
    type Declarations = BTreeMap<String, String>;

    pub fn generate() {
        for input in [
            "src/capi",
            "src/engine/mapi.rs",
            "cbindgen.toml",
            "include/mapispool.h",
        ] {
            println!("cargo::rerun-if-changed={input}");
        }
        println!("cargo::rerun-if-env-changed=MAPISPOOL_HEADER");

        let mut declarations = types_and_functions();
        for path in CONSTANTS {
            declarations.extend(constants(&read(path)));
        }
        declarations.insert("MAPISPOOL_VERSION".to_owned(), version());
        let header = fill(&read(TEMPLATE), &declarations);

        let target = env::var("MAPISPOOL_HEADER").unwrap_or("include/mapispool.h".to_owned());
        if fs::read_to_string(&target).ok().as_ref() != Some(&header) {
            fs::write(&target, header).unwrap_or_else(|error| panic!("{target}: {error}"));
        }
    }

    fn read(path: &str) -> String {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// What cbindgen finds in src/capi.
    fn types_and_functions() -> Declarations {
        let config = cbindgen::Config::from_file("cbindgen.toml").expect("cbindgen.toml");
        let mut builder = cbindgen::Builder::new().with_config(config);
        for entry in fs::read_dir("src/capi").expect("src/capi") {
            let path = entry.expect("src/capi").path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                builder = builder.with_src(path);
            }
        }
        let mut text = Vec::new();
        builder.generate().expect("cbindgen").write(&mut text);
        let text = String::from_utf8(text).expect("cbindgen writes UTF-8");
        text.split("\n\n")
            .map(|declaration| declaration.trim_matches('\n'))
            .filter(|declaration| !declaration.is_empty())
            .map(|declaration| (name(declaration), respell(declaration)))
            .collect()
    }

    /// The name of a function, a struct or a handle.
    fn name(declaration: &str) -> String {
        let code = declaration.rsplit("*/").next().unwrap_or(declaration);
        let before = match declaration.contains("typedef ") {
            true => declaration.trim_end_matches(';'),
            false => code.split('(').next().unwrap_or(code),
        };
        let start = before
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |at| at + 1);
        before[start..].to_owned()
    }

    /// One declaration of cbindgen's in this header's words.
    fn respell(declaration: &str) -> String {
        let lines: Vec<&str> = declaration.lines().collect();
        let mut respelled = Vec::new();
        let mut rest = lines.as_slice();
        while let [line, after @ ..] = rest {
            rest = after;
            match rest {
                // A comment of one line takes one line.
                [text, end, after @ ..] if line.ends_with("/**") && end.ends_with(" */") => {
                    respelled.push(format!("{line} {} */", text.trim_start_matches([' ', '*'])));
                    rest = after;
                }
                _ if line.contains('*') && line.trim_start().starts_with(['/', '*']) => {
                    respelled.push((*line).to_owned());
                }
                _ => respelled.push(respell_code(line)),
            }
        }
        respelled.join("\n")
    }

    /// Adds the calling convention to a function or a callback, and breaks its line.
    fn respell_code(line: &str) -> String {
        let line = line.replace(" (*", " (MAPISPOOL_CALL *");
        let Some((head, arguments)) = line.rsplit_once('(') else {
            return line;
        };
        let arguments = arguments.replace("struct ", "");
        let head = match head.trim_start().split(' ').collect::<Vec<_>>()[..] {
            [result, function] => format!("MAPISPOOL_API {result} MAPISPOOL_CALL {function}"),
            _ => head.to_owned(),
        };
        if head.len() + 1 + arguments.len() <= WIDTH {
            return format!("{head}({arguments}");
        }
        let indent = " ".repeat(head.len() - head.trim_start().len() + 4);
        format!(
            "{head}(\n{indent}{}",
            arguments.replace(", ", &format!(",\n{indent}"))
        )
    }

    /// The constants of a Rust file: `pub const NAME: u32 = 0x…;`, and `NAME = 0x…;` inside `results!`.
    fn constants(source: &str) -> Declarations {
        let mut found = Declarations::new();
        let mut comment = Vec::new();
        for line in source.lines().map(str::trim) {
            if let Some(text) = line.strip_prefix("/// ") {
                comment.push(text);
                continue;
            }
            if let Some((name, value)) = constant(line) {
                let comment = comment.join("\n * ");
                found.insert(name.to_owned(), spell_constant(name, value, &comment));
            }
            comment.clear();
        }
        found
    }

    fn constant(line: &str) -> Option<(&str, u32)> {
        let line = line.strip_prefix("pub const ").unwrap_or(line);
        let (left, value) = line.strip_suffix(';')?.split_once(" = ")?;
        let name = left.split(':').next().unwrap_or(left);
        let value = value.replace('_', "");
        let value = value.trim_end_matches("u32");
        let value = match value.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => value.parse(),
        };
        Some((name, value.ok()?))
    }

    fn spell_constant(name: &str, value: u32, comment: &str) -> String {
        let comment = match comment.contains('\n') {
            true => format!("/**\n * {comment}\n */"),
            false => format!("/** {comment} */"),
        };
        if ["S_", "MAPI_E_", "MAPI_W_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            format!("#ifndef {name}\n{comment}\nMAPISPOOL_RESULT({name}, 0x{value:08X});\n#endif")
        } else {
            format!("{comment}\n#define {name} ((ULONG) 0x{value:08X})")
        }
    }

    fn version() -> String {
        let parts = [
            ("first", "MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
            ("second", "MINOR", env!("CARGO_PKG_VERSION_MINOR")),
            ("third", "PATCH", env!("CARGO_PKG_VERSION_PATCH")),
        ];
        let mut number = 0;
        let mut text = String::new();
        for (which, name, digits) in parts {
            number = number << 8 | digits.parse::<u32>().expect("a number");
            text += &format!("/** The {which} number of the header's version. */\n");
            text += &format!("#define MAPISPOOL_VERSION_{name} {digits}\n");
        }
        text + "/** The header's version, major << 16 | minor << 8 | patch; compare with #MapiSpoolerVersion. */\n"
            + &format!("#define MAPISPOOL_VERSION 0x{number:06X}u")
    }

    /// The template with its `//= NAME …` lines replaced. A blank line follows each, but between a line and
    /// its continuation (`//=   NAME …`).
    fn fill(template: &str, declarations: &Declarations) -> String {
        let mut header = String::new();
        let mut missing: BTreeSet<&str> = declarations.keys().map(String::as_str).collect();
        for line in template.lines().filter(|line| !line.starts_with("//#")) {
            let Some(names) = line.strip_prefix("//= ") else {
                header += &format!("{line}\n");
                continue;
            };
            if names.starts_with(' ') {
                header.pop();
            }
            for name in names.split_whitespace() {
                missing.remove(name);
                let Some(declaration) = declarations.get(name) else {
                    panic!("{TEMPLATE} names {name}, which is not in the Rust sources");
                };
                header += &format!("{declaration}\n");
            }
            header.push('\n');
        }
        assert!(missing.is_empty(), "{TEMPLATE} does not name {missing:?}");
        // A blank line after a blank line is none.
        while header.contains("\n\n\n") {
            header = header.replace("\n\n\n", "\n\n");
        }
        header
    }
}
