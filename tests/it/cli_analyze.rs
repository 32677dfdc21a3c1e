//! `tingxin analyze` in a shell.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use serde_json::Value;
use tingxin::domain::Analysis;

use crate::support::shell::{Shell, sample};

const BAD: &str = r#"{"source":"s","contact_id":"bad","channel":"hotlin","utterances":[]}"#;

fn contact(id: &str) -> String {
    format!(
        r#"{{"source":"s","contact_id":"{id}","channel":"chat","utterances":[{{"speaker":"customer","text":"我家宽带又断了，这都第三次了！"}},{{"speaker":"agent","text":"给您带来不便了，马上为您处理。"}}]}}"#
    )
}

#[test]
fn every_contact_of_a_folder_becomes_one_line() {
    let ended = Shell::new().run(&["analyze", &sample("hotline")]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    let analyses: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(analyses.len(), 16);
    assert!(analyses.iter().all(|analysis| analysis["schema"] == "tingxin.analysis.v1"));
    assert_eq!(ended.err, "", "nothing is said on standard error but refusals");
}

#[test]
fn the_output_is_the_same_for_every_number_of_threads() {
    let shell = Shell::new();
    let samples = sample("");

    let one = shell.run(&["analyze", "--threads", "1", &samples]).out;
    let two = shell.run(&["analyze", "--threads", "2", &samples]).out;
    let seven = shell.run(&["analyze", "--threads", "7", &samples]).out;

    assert!(one.lines().count() >= 80);
    assert!(one == two && two == seven);
}

#[test]
fn more_threads_than_the_limit_are_refused_and_the_limit_itself_answers() {
    let shell = Shell::new();

    for command in [&["analyze", "-", "--threads", "1025"][..], &["serve", "--threads", "99999"]] {
        let refused = shell.run(command);
        assert_eq!((refused.status, &*refused.out), (64, ""), "{command:?}");
        assert!(refused.err.contains("from 0 to 1024"), "{}", refused.err);
    }
    let most = shell.run_with(&["analyze", "-", "--threads", "1024"], contact("a").as_bytes());
    assert_eq!((most.status, most.out.lines().count()), (0, 1), "{}", most.err);
}

#[test]
fn refused_contacts_are_named_and_their_neighbours_are_analysed() {
    let shell = Shell::new();
    let file = shell.write("c.ndjson", format!("{}\n{BAD}\n{}\n", contact("a"), contact("b")));

    let ended = shell.run(&["analyze", file.to_str().unwrap()]);

    assert_eq!(ended.status, 2);
    assert_eq!(ended.out.lines().count(), 2);
    let refusal: Value = serde_json::from_str(ended.err.trim_end()).unwrap();
    assert_eq!(refusal["line"], 2);
    insta::assert_json_snapshot!(refusal, { ".file" => "[file]" });
}

#[test]
fn standard_input_is_read_when_no_file_is_named() {
    let shell = Shell::new();
    let input = contact("a");

    for arguments in [&["analyze"][..], &["analyze", "-"]] {
        let ended = shell.run_with(arguments, input.as_bytes());

        assert_eq!((ended.status, ended.out.lines().count()), (0, 1), "{}", ended.err);
    }
}

#[test]
fn a_file_in_gb18030_reads_like_the_same_file_in_utf8() {
    let shell = Shell::new();
    let text = "客服：您好，请问有什么可以帮您？\n客户：宽带又断了，气死我了！\n客服：马上为您处理。\n";
    let (gb18030, _, _) = encoding_rs::GB18030.encode(text);

    let utf8 = shell.run_with(&["analyze", "-"], text.as_bytes());
    let chinese = shell.run_with(&["analyze", "-"], &gb18030);

    assert_eq!(utf8.status, 0, "{}", utf8.err);
    assert!(utf8.out.contains("宽带"));
    assert_eq!(utf8.out, chinese.out);
}

#[test]
fn a_reader_that_leaves_early_ends_it_quietly() {
    let shell = Shell::new();
    let many: String = (0..3_000).map(|n| contact(&n.to_string()) + "\n").collect();
    let file = shell.write("many.ndjson", many);
    let mut child = shell.command(&["analyze", file.to_str().unwrap()]).spawn().unwrap();

    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    drop(reader);

    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(first.starts_with('{'));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(said, "");
}

#[test]
fn a_table_for_people_shows_curve_and_flags_and_no_colour_in_a_pipe() {
    let ended = Shell::new().run(&[
        "analyze",
        "--output",
        "table",
        "--language",
        "zh",
        &sample("hotline/01-broadband-third-outage.json"),
        &sample("hotline/03-package-balance-enquiry.json"),
    ]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(!ended.out.contains('\u{1b}'));
    assert!(ended.out.contains("▲外部投诉风险"), "{}", ended.out);
    assert!(ended.out.contains("共 2 条服务记录，1 条有标记"), "{}", ended.out);
}

#[test]
fn the_table_names_the_turn_and_the_sentence_of_the_worst_flag_in_the_language_of_the_locale() {
    let shell = Shell::new();
    let call = "客服：您好，很高兴为您服务。\n客户：我家宽带断了三天。没人管，我要去工信部投诉你们！\n\
                客服：非常抱歉，我马上处理。\n客户：算了。\n";
    shell.write("call.txt", call);
    let table = |locale: &str, more: &[&str]| {
        let arguments = [&["analyze", "--model", "lexicon", "--output", "table", "call.txt"], more].concat();
        let mut command = shell.command(&arguments);
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", locale).env("COLUMNS", "160");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };

    let chinese = table("zh_CN.UTF-8", &[]);
    let english = table("en_US.UTF-8", &[]);

    assert!(chinese.contains("第2轮 客户：“没人管，我要去工信部投诉你们！”"), "{chinese}");
    assert!(chinese.contains("外部投诉风险") && chinese.contains("共 1 条服务记录"), "{chinese}");
    assert!(english.contains("turn 2, customer: “没人管，我要去工信部投诉你们！”"), "{english}");
    assert!(english.contains("Outside complaint risk") && english.contains("Contacts: 1, with flags: 1"));
    assert_eq!(table("en_US.UTF-8", &["--language", "zh"]), chinese, "the flag outranks the locale");
    assert_eq!(table("C", &[]), english);
}

#[test]
fn an_analysis_that_was_stored_is_given_out_with_the_bytes_it_had() {
    let ended = Shell::new().run(&["analyze", &sample("")]);

    let lines: Vec<&str> = ended.out.lines().collect();
    assert!(lines.len() >= 60, "{}", lines.len());
    for line in lines {
        let read: Analysis = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), line);
    }
}

#[test]
fn the_table_keeps_its_columns_although_chinese_characters_are_twice_as_wide() {
    let calm = ["hotline/03-package-balance-enquiry.json", "chat/05-iptv-remote.json"].map(sample);

    let ended = Shell::new().run(&["analyze", "--language", "zh", "--output", "table", &calm[0], &calm[1]]);

    // The layout is what counts here; what the model finds is pinned elsewhere.
    insta::with_settings!({ filters => [("[▁▂▃▄▅▆▇█]", "▆"), (r"[+-]\d\.\d\d", "±0.00")] }, {
        insta::assert_snapshot!(ended.out);
    });
}

#[test]
fn what_cannot_be_opened_or_loaded_is_a_failure() {
    let shell = Shell::new();

    let missing = shell.run(&["analyze", "nowhere.json"]);
    let model = shell.run_with(&["analyze", "--model", "oracle", "-"], contact("a").as_bytes());

    assert_eq!((missing.status, model.status), (1, 1));
    assert!(missing.err.contains("nowhere.json"), "{}", missing.err);
    assert!(model.err.contains("oracle") && model.err.contains("lexicon"), "{}", model.err);
}

#[test]
fn a_file_of_a_folder_that_is_not_read_is_named_and_changes_nothing_else() {
    let shell = Shell::new();
    std::fs::create_dir(shell.path("in")).unwrap();
    shell.write("in/a.json", contact("a"));
    shell.write("in/notes.docx", "x");

    let ended = shell.run(&["analyze", "in"]);

    assert_eq!((ended.status, ended.out.lines().count()), (0, 1));
    let notice: Value = serde_json::from_str(ended.err.trim_end()).unwrap();
    assert_eq!((&notice["code"], &notice["file"]), (&"skipped_file".into(), &"in/notes.docx".into()));
}

#[test]
fn an_input_without_a_contact_is_named_and_is_no_failure() {
    let shell = Shell::new();
    shell.write("empty.txt", "");
    shell.write("none.json", "[]");
    std::fs::create_dir(shell.path("folder")).unwrap();

    for (input, name) in
        [("empty.txt", "empty.txt"), ("none.json", "none.json"), ("folder", "folder"), ("-", "-")]
    {
        let ended = shell.run(&["analyze", input]);

        assert_eq!((ended.status, &*ended.out), (0, ""), "{input}");
        let notice: Value = serde_json::from_str(ended.err.trim_end()).unwrap();
        assert_eq!((&notice["code"], &notice["file"]), (&"no_contacts".into(), &name.into()));
    }
}

#[test]
fn a_file_that_is_not_there_is_named_and_the_others_are_analysed() {
    let shell = Shell::new();
    shell.write("good.json", contact("a"));
    shell.write("bad.json", BAD);

    let ended = shell.run(&["analyze", "good.json", "nofile", "bad.json"]);

    assert_eq!((ended.status, ended.out.lines().count()), (1, 1), "{}", ended.err);
    let told: Vec<Value> = ended.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<_> = told.iter().map(|line| (line["file"].clone(), line["code"].clone())).collect();
    assert_eq!(
        codes,
        [("nofile".into(), "unreadable_file".into()), ("bad.json".into(), "invalid_value".into())]
    );
    assert!(told.iter().all(|line| line["message"].is_string()));
}

#[test]
fn an_endless_input_is_answered_while_it_lasts() {
    let shell = Shell::new();
    let mut child = shell.command(&["analyze", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        use std::io::Write as _;
        // Ends when the program does: writing fails then.
        while stdin.write_all((contact("again") + "\n").as_bytes()).is_ok() {}
    });

    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();

    assert!(line.contains("\"again\""));
    drop(reader);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    feeding.join().unwrap();
}
