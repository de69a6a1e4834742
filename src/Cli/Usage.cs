using System.Globalization;
using System.Text;
using Credentials.Cli.Verbs;

namespace Credentials.Cli;

/// <summary>The whole usage text. Commands are read by the synopses that stand here.</summary>
internal static class Usage
{
    private const int Width = 100;

    internal static readonly IReadOnlyList<Verb> Verbs =
    [
        new("key new", "[--alg ES256|ES384|ES512|EdDSA] [--out FILE]",
            "Makes a private key as a JWK. With --out the key goes to FILE and its public part to stdout.",
            KeyNewVerb.RunAsync),
        new("pki new", "--out DIR [--country CC] [--name NAME] [--dns NAME…] [--json]",
            "Makes a root authority, a document signer, a status signer and a verifier access certificate, each as PEM.",
            PkiNewVerb.RunAsync,
            "Writes root.pem, document-signer.pem, status-signer.pem, verifier.pem and NAME-key.pem beside each (readable by you alone)."),
        new("issue", "--format FORMAT [--type TYPE] --claims FILE --key FILE [--cert PEM] [--key-id URL] [--suite SUITE] [--holder JWK] [--sd PATH…] [--status URI#INDEX] [--valid-days N] [--by-key-id] [--print FILE] [--out FILE]",
            "Issues one credential without a service. FORMAT is dc+sd-jwt, mso_mdoc, qr+cwt, hcert, or for W3C credentials vc+jwt, vc+sd-jwt, vc+cose, vc, jwt_vc_json or ldp_vc.",
            IssueVerb.RunAsync,
            "A PATH is a claims path pointer as JSON ([\"address\",\"city\"], [\"members\",null]) or dotted (address.city).\n"
            + "Without --sd every top-level claim can be disclosed on its own, except the registered ones (iss, exp, vct, …).\n"
            + "Claims of an mdoc stand by namespace: {\"org.iso.18013.5.1\":{\"family_name\":…}}; it needs --cert and --holder.\n"
            + "W3C credentials (vc… of data model 2.0, the others of 1.1): the claims are the whole document, or what it says of its subject;\n"
            + "vc and ldp_vc have a proof by --suite. --key-id is the verification method; without it, the key's own did:key issues.\n"
            + "qr+cwt is a certificate as a QR code, hcert the EU Digital COVID Certificate, whose claims are the DCC and which needs no --type.\n"
            + "--print writes a page (HTML) with the code and what it says, in Korean and English. --by-key-id names the signer's certificate\n"
            + "instead of carrying it, for a smaller code; whoever verifies it then needs that certificate."),
        new("present", "CREDENTIAL [--disclose PATH…] [--audience A] [--nonce N] [--response-uri URI] [--holder-key FILE] [--out FILE]",
            "Makes a presentation of one credential: only the claims named, bound to the holder's key.",
            PresentVerb.RunAsync,
            "A data element of an mdoc is [\"namespace\",\"element\"], or its identifier alone. Its device signature is also over\n"
            + "the address that the answer goes to, the --response-uri. Without audience, nonce and key, a W3C credential with\n"
            + "ecdsa-sd-2023 is cut down to what is named, and not bound to anybody."),
        new("verify", "[FILE|-] [--qr IMAGE] [--trust FILE…] [--trust-url URL…] [--data-model-1.1] [--audience A] [--nonce N] [--response-uri URI] [--at TIME] [--status online|offline|skip] [--revocation if-available|required|skip] [--json]",
            "Checks a credential or a presentation and prints the report. Exit code 0: accepted, 1: not accepted.",
            VerifyVerb.RunAsync,
            "--trust takes PEM certificates, public JWKs, or DIDs (one a line) of authorities. Key binding is\n"
            + "required when --nonce is given; the device signature of an mdoc is over the address that the\n"
            + "answer went to besides, the --response-uri. --data-model-1.1 accepts W3C credentials of 1.1 too.\n"
            + "--at is an ISO 8601 time; without it, now. --status is online unless said otherwise."),
        new("read", "ENGAGEMENT|- --policy POLICY --trust FILE… [--key FILE] [--cert PEM] [--status online|offline|skip] [--revocation if-available|required|skip] [--wait-seconds N] [--json]",
            "Asks a holder's device nearby for mdocs (ISO/IEC 18013-5) and prints the report. Exit code 0: accepted, 1: not accepted.",
            ReadVerb.RunAsync,
            "ENGAGEMENT is the text of the QR code that the device shows, mdoc:…; devices are programs of this machine, for development.\n"
            + "POLICY is a shipped policy (over-19, driving-licence) or a file. --key and --cert sign the request, so that the holder sees who asks.\n"
            + "It waits 300 seconds for the holder unless said otherwise."),
        new("inspect", "[FILE|-] [--qr IMAGE] [--json]",
            "Shows what something is, without trusting it: SD-JWT, mdoc, W3C credential and presentation, device engagement, printed document, COSE, JWT, status list, identifier list, JWK, X.509, offer, request, DCQL.",
            InspectVerb.RunAsync),
        new("status create", "--bits 1|2|4|8 --size N --out FILE",
            "Makes a status list with every entry 0 (valid).",
            StatusCreateVerb.RunAsync,
            "The file is the Status List JSON of the Token Status List standard: {\"bits\":…,\"lst\":\"…\"}."),
        new("status set", "FILE INDEX VALUE", "Sets one entry: 0 valid, 1 revoked, 2 suspended.", StatusSetVerb.RunAsync),
        new("status get", "FILE|URL INDEX [--json]", "Prints one entry. A status list token's signature is not checked.", StatusGetVerb.RunAsync),
        new("status show", "FILE|URL [--json]", "Prints the size of a list and how many entries have each value.", StatusShowVerb.RunAsync),
        new("status token", "FILE --uri URI --key FILE [--cert PEM] [--ttl S] [--format jwt|cwt] [--out FILE]",
            "Signs a status list, ready to be served at URI.",
            StatusTokenVerb.RunAsync,
            "A CWT is written to --out as bytes, and printed in base64url."),
        new("qr encode", "TEXT|- [--out FILE]", "Makes a QR code: FILE.svg, FILE.png, or blocks in the terminal.", QrEncodeVerb.RunAsync),
        new("issuer serve", "--data DIR --port N [--public-url URL] [--connection STRING] [--catalog DIR] [--vc-api] [--new-api-key] [--any-address] [--trusted-proxy NET…] [--telemetry URL] [--json-logs] [--json]",
            "Runs an issuer until it is asked to end. A fresh DIR is initialised; --connection names a PostgreSQL database.",
            IssuerServeVerb.RunAsync,
            "Prints its URL, the file that others must trust and, when it was made, the agency's API key, which cannot be shown again.\n"
            + "--any-address listens beyond this machine; --trusted-proxy believes the client addresses that a load balancer tells.\n"
            + "--json-logs writes logs to stderr as JSON, one object a line."),
        new("issuer offer", "CONFIGURATION --claims FILE --url URL --api-key KEY [--tx-code] [--subject TEXT] [--json]",
            "Offers one document: prints the link, the page and the transaction code.", IssuerOfferVerb.RunAsync),
        new("issuer bulk", "CONFIGURATION --csv FILE --url URL --api-key KEY [--mode offers|credentials] [--tx-code] [--valid-hours N] [--id ID] [--out DIR] [--json]",
            "Offers or issues one document to everybody in a table, and writes what is to be delivered, a file for each.", IssuerBulkVerb.RunAsync,
            "The first line of FILE names the columns: claims (address.city inside an object), @subject, and @holder_key (a JWK) for --mode credentials.\n"
            + "The same file with the same options is the same batch: run it again after an interruption, and nothing is done twice."),
        new("issuer cancel", "ID --url URL --api-key KEY", "Stops a batch; what is done stays done.", IssuerCancelVerb.RunAsync),
        new("issuer list", "--url URL --api-key KEY [--subject TEXT] [--state valid|suspended|revoked] [--type TYPE] [--json]",
            "Lists issued credentials, without what they say.", IssuerListVerb.RunAsync),
        new("issuer revoke", "ID --url URL --api-key KEY [--reason TEXT] [--json]", "Revokes a credential, which is final.", IssuerStatusVerb.RevokeAsync),
        new("issuer suspend", "ID --url URL --api-key KEY [--reason TEXT] [--json]", "Suspends a credential.", IssuerStatusVerb.SuspendAsync),
        new("issuer resume", "ID --url URL --api-key KEY [--reason TEXT] [--json]", "Ends the suspension of a credential.", IssuerStatusVerb.ResumeAsync),
        new("issuer staff add", "NAME --data DIR --roles ROLES [--connection STRING] [--json]",
            "Makes an account of the agency console: prints its first password and the link for an authenticator app.", IssuerStaffAddVerb.RunAsync,
            "ROLES are issuer, revoker, auditor, admin, separated by commas. The first account should be an admin; the console makes the others."),
        new("issuer keys list", "--data DIR [--json]", "Lists the keys that sign credentials and status lists, and what state they are in.", IssuerKeysVerbs.ListAsync),
        new("issuer keys rotate", "--data DIR [--purpose document-signer|status-signer] [--at TIME] [--overlap-hours N] [--connection STRING] [--json]",
            "Makes a new key under the issuer's own authority. What was signed before stays verifiable.", IssuerKeysVerbs.RotateAsync,
            "It signs credentials (document-signer, unless said otherwise) or status lists from TIME on, ISO 8601, ten minutes from now\n"
            + "unless said otherwise; a service that runs takes it up by itself. The private key before it is deleted N hours later (24)."),
        new("issuer keys request", "--data DIR [--purpose document-signer|status-signer] [--out FILE] [--connection STRING]",
            "Makes a new key and prints the request for its certificate (PKCS#10), for an authority elsewhere.", IssuerKeysVerbs.RequestAsync,
            "As long as there is no answer, the same request comes again. Under an authority that is new to the issuer, the certificate\n"
            + "of the status signer comes first."),
        new("issuer keys import", "--data DIR --certificate FILE [--at TIME] [--overlap-hours N] [--connection STRING] [--json]",
            "Takes the certificate that was requested and puts its key in use.", IssuerKeysVerbs.ImportAsync,
            "FILE is PEM: the certificate, those above it, and last the authority's own if the issuer does not have it yet.\n"
            + "The rest is as for `issuer keys rotate`."),
        new("issuer keys withdraw", "KEY --data DIR --reason TEXT [--revoke] [--connection STRING] [--json]",
            "Withdraws a key that somebody else may have: no more signatures with it, another in its place, and the list of what it signed.", IssuerKeysVerbs.WithdrawAsync,
            "KEY is its thumbprint, as `issuer keys list` shows it. --revoke revokes every credential that it signed, which is final."),
        new("issuer audit verify", "--data DIR [--connection STRING] [--checkpoints FILE…] [--key JWK] [--json]",
            "Reads the audit log against its hash chain and its signed checkpoints. Exit code 0: whole, 1: not.", IssuerAuditVerifyVerb.RunAsync,
            "Finds what was changed, removed, put in, moved or cut off. --checkpoints takes those that an auditor kept, one a line;\n"
            + "--key is the auditor's copy of keys/audit.jwk."),
        new("issuer audit export", "--out FILE --url URL --api-key KEY [--json]",
            "Adds to FILE what the audit log has after FILE's last entry: the journal that a restore needs.", IssuerRecoveryVerbs.ExportAsync,
            "One entry a line. Run it every minute on another machine; an auditor's key will do."),
        new("issuer backup", "--data DIR --out DIR [--connection STRING] [--catalog DIR] [--json]",
            "Makes a back-up, also while the service runs: database, key files as they are, catalogue, manifest.", IssuerRecoveryVerbs.BackupAsync,
            "--out is a folder that is not there yet. PostgreSQL is read by pg_dump. Open offers have claims in them: keep the back-up as\n"
            + "safe as the service. The passphrase of the keys and the settings are not in it."),
        new("issuer restore", "--from DIR --data DIR [--connection STRING] [--journal FILE…] [--without-journal] [--json]",
            "Restores a back-up into a fresh folder and an empty database, and replays what the journal knows of the time since.", IssuerRecoveryVerbs.RestoreAsync,
            "Stop every replica first. All status lists are closed and everything that was open is ended: offers must be made again.\n"
            + "Without a journal, revocations later than the back-up are LOST: what was revoked then is valid again. --without-journal says\n"
            + "that you know. Exit code 1: restored, but a credential whose status changed is unknown here."),
        new("verifier serve", "--data DIR --port N [--public-url URL] [--connection STRING] [--trust FILE…] [--trust-url URL…] [--revocation if-available|required|skip] [--policies DIR] [--parties FILE] [--name NAME] [--attestation FILE] [--verifier-info FILE] [--vc-api] [--data-model-1.1] [--new-api-key] [--api-key-name TEXT] [--relying-party NAME] [--scopes SCOPE…] [--webhook-host HOST…] [--offline-max-age SECONDS] [--offline-store MIB] [--any-address] [--trusted-proxy NET…] [--telemetry URL] [--json-logs] [--requests-per-minute N] [--json]",
            "Runs a verifier until it is asked to end. Without --trust and --trust-url it accepts nobody's credentials.", VerifierServeVerb.RunAsync,
            "SCOPE: verifications, evidence, documents, counter or webhook. HOST, with :PORT if it is not 443, may be sent\n"
            + "webhooks by relying parties, also where its address is a private one."),
        new("verifier request", "[POLICY] [--dcql FILE] [--purpose TEXT] [--response-mode direct_post|direct_post.jwt|dc_api|dc_api.jwt] [--client-id-prefix PREFIX] [--did-method jwk|key|web] --url URL --api-key KEY [--json]",
            "Asks for credentials: prints the link for the wallet and the page with its QR code.", VerifierRequestVerb.RunAsync,
            "PREFIX, how the wallet gets to know who asks: x509_hash, x509_san_dns, redirect_uri, decentralized_identifier\n"
            + "or verifier_attestation."),
        new("verifier result", "ID --url URL --api-key KEY [--json]",
            "Prints what came of a request. Exit code 0: accepted, 1: anything else.", VerifierResultVerb.RunAsync),
        new("verifier keys list", "--data DIR [--connection STRING] [--json]",
            "Lists the API keys of the relying parties, what they may do, when they were last used and whether they are revoked; never a key itself.", VerifierKeysVerbs.ListAsync),
        new("verifier keys revoke", "ID --data DIR [--connection STRING] [--json]",
            "Revokes one API key for good, at every replica by the time the command ends.", VerifierKeysVerbs.RevokeAsync,
            "ID is as `verifier keys list` shows it. Another key is made by `verifier serve --new-api-key`."),
        new("wallet receive", "OFFER [--tx-code CODE] [--copies N] [--trust-issuer FILE…] [--client-id ID] [--redirect-port N] [--wait-seconds N] [--open] [--home DIR] [--yes] [--json]",
            "Receives what an offer link offers, after asking.", WalletReceiveVerb.RunAsync,
            "Trust given once is kept in the wallet. --copies asks for that many copies of each document, each with a key of its own (1 to 20).\n"
            + "Where the issuer wants you to sign in, a link is printed (--open opens it), and your browser is waited for on a port of this\n"
            + "machine, for 300 seconds unless said otherwise. --client-id is how the wallet is registered there: credentials-wallet unless\n"
            + "said otherwise, with http://127.0.0.1:PORT/authorized to come back to."),
        new("wallet apply", "ISSUER CONFIGURATION [--copies N] [--trust-issuer FILE…] [--client-id ID] [--redirect-port N] [--wait-seconds N] [--open] [--home DIR] [--yes] [--json]",
            "Asks an issuer, by its URL, for a document without having got an offer, as `wallet receive` does where you have to sign in.", WalletReceiveVerb.ApplyAsync),
        new("wallet list", "[--home DIR] [--json]", "Lists the documents.", WalletListVerb.RunAsync),
        new("wallet show", "ID [--home DIR] [--json]", "Shows what a document says.", WalletShowVerb.RunAsync),
        new("wallet history", "[--search TEXT] [--party ID] [--limit N] [--home DIR] [--json]",
            "Shows what was received, asked for and shared, and with whom.", WalletHistoryVerb.RunAsync,
            "--search finds words in names, purposes, types and names of claims; --party is a whole issuer or verifier identifier."),
        new("wallet data", "[--export] [--home DIR] [--json]",
            "Shows your data at one glance; --export prints all of the history and of your requests as JSON.", WalletDataVerb.RunAsync),
        new("wallet verifiers", "[--home DIR] [--json]",
            "Shows for each verifier what it was shown, when and why, and where to turn to.", WalletVerifiersVerb.RunAsync),
        new("wallet ask-deletion", "VERIFIER [--to ADDRESS] [--language ko|en] [--note TEXT] [--home DIR] [--yes] [--json]",
            "Writes a request that a verifier deletes what it was shown, and sends it where the verifier has an endpoint for that.", WalletRightsVerb.DeletionAsync,
            "VERIFIER is its whole identifier, as `wallet verifiers` shows it. Without an endpoint a mailto: link or a page to open is printed.\n"
            + "--to is another address: mailto: or https:."),
        new("wallet report", "VERIFIER [--to ADDRESS] [--language ko|en] [--note TEXT] [--home DIR] [--json]",
            "Writes a report about a verifier to the authority, for you to send.", WalletRightsVerb.ReportAsync),
        new("wallet requests", "[--home DIR] [--json]", "Lists your deletion requests and reports, and how far they have come.", WalletRightsVerb.ListAsync),
        new("wallet note", "REQUEST STATE [--home DIR]", "Notes of a deletion request or report that it was sent, fulfilled or refused.", WalletRightsVerb.NoteAsync),
        new("wallet export", "FILE [--home DIR]",
            "Writes down which documents there are, encrypted, for a wallet on another device. No key and no claim is in it.", WalletMoveVerb.ExportAsync,
            "The file's passphrase is asked for, or comes from CREDENTIALS_FILE_PASSPHRASE."),
        new("wallet import", "FILE|- [--home DIR] [--json]",
            "Takes over such a file, and lists the documents that their issuers are to be asked for anew.", WalletMoveVerb.ImportAsync,
            "`wallet apply` asks an issuer; `wallet delete` drops an entry that you do not want."),
        new("wallet delete", "ID [--home DIR] [--yes]", "Deletes a document with its keys, or an imported entry that was not received anew.", WalletDeleteVerb.RunAsync),
        new("wallet notices", "[--clear] [--home DIR] [--json]",
            "Shows what has happened to the documents (expiring, expired, revoked, suspended, resumed, renewed, issued at last) and what is due.", WalletNoticesVerb.ShowAsync,
            "--clear forgets the events when they have been shown. Nobody is asked for this: `wallet refresh` looks for news."),
        new("wallet refresh", "[--home DIR] [--json]",
            "Asks issuers for what they put off, renews what is due, looks up what was revoked or suspended, and shows the notices.", WalletNoticesVerb.RefreshAsync,
            "Status lists are fetched whole: their hosts do not learn which documents you have."),
        new("wallet renew", "ID [--home DIR] [--json]", "Fetches fresh copies of a document, where its issuer allows that.", WalletNoticesVerb.RenewAsync),
        new("wallet present", "REQUEST [--trust-verifier FILE…] [--select QUERY=DOCUMENT…] [--home DIR] [--yes] [--json]",
            "Answers a verifier's request link: shows who asks for what and why, and what would be shared, and asks.", WalletPresentVerb.RunAsync,
            "Without --select the least is proposed. --json prints the outcome."),
        new("wallet present-in-person", "[--trust-verifier FILE…] [--sign] [--wait-seconds N] [--home DIR] [--yes] [--json]",
            "Shows a QR code to a reader nearby (ISO/IEC 18013-5), then who asks for what, and asks before anything is shown.", WalletPresentInPersonVerb.RunAsync,
            "For development: only a reader on this machine, `credentials read`, can come. It is waited for 300 seconds unless said otherwise.\n"
            + "--sign has the document's key sign for the reader also where it could make a MAC, which convinces this reader and nobody else.\n"
            + "--yes shows whatever is asked for without asking; it is for scripts only."),
        new("wallet serve", "[--port N] [--trust-issuer FILE…] [--trust-verifier FILE…] [--client-id ID] [--home DIR] [--json]",
            "Shows the wallet as a page in a browser on this machine: prints a link that opens it once.", WalletServeVerb.RunAsync,
            "It listens on 127.0.0.1 only, on port 5103 unless said otherwise, until it is asked to end."),
        new("wallet mcp", "[--http] [--port N] [--client-id ID] [--wait-seconds N] [--open] [--home DIR] [--json]",
            "Lets an assistant use the wallet, as a Model Context Protocol server on standard input and output, or over HTTP on this machine.", WalletMcpVerb.RunAsync,
            "--http listens on 127.0.0.1 only, on port 5104 unless said otherwise, and prints the token that the assistant's program must send.\n" +
            "Nothing is received, shared or shown to the assistant before you confirm it, which the assistant's program asks you for.\n"
            + "Where you have to sign in at an issuer, it shows you the link (--open opens it in your browser), and the wallet waits for 300 seconds unless said otherwise.\n"
            + "The passphrase comes from CREDENTIALS_WALLET_PASSPHRASE."),
        new("demo", "[--once] [--issuer-port N] [--verifier-port N] [--data DIR]",
            "Runs an issuer, a wallet and a verifier on this machine and walks through the whole story.", DemoVerb.RunAsync,
            "Then keeps serving until Ctrl+C; --once ends with exit code 0 if every step came out as it must."),
        new("vectors run", "DIR [--json]",
            "Runs the test vectors below DIR: one line each, and exit code 0 only if none fails.", VectorsRunVerb.RunAsync,
            "skips.json, in DIR or in a test-vectors directory above it, names scenarios that are known not to come out as published, each with the reason.\n"
            + "A skipped scenario that comes out after all is a failure."),
        new("vectors make", "DIR",
            "Makes our own test vectors anew, with fresh keys, below DIR/own and DIR/reports.", VectorsMakeVerb.RunAsync),
        new("qr decode", "IMAGE [--json]", "Reads the QR code of a PNG image (at most 16 megapixels).", QrDecodeVerb.RunAsync),
    ];

    /// <summary>What <c>credentials help</c> prints.</summary>
    internal static string Text
    {
        get
        {
            var text = new StringBuilder("Issue, hold, present and verify digital credentials.\n\nUsage: credentials COMMAND [options]\n");
            AppendList(text, Verbs);
            return text.Append(Closing).ToString();
        }
    }

    private const string Closing = """

        `-` is stdin. --json prints exactly one JSON document on stdout. `credentials COMMAND --help` tells more.
        Exit codes: 0 done or accepted, 1 not accepted or refused, 2 usage or unreadable input, 3 could not finish.
        Environment: CREDENTIALS_HOME, CREDENTIALS_WALLET_PASSPHRASE, CREDENTIALS_FILE_PASSPHRASE, CREDENTIALS_ALLOW_LOOPBACK_HTTP=1
        (plain http to this machine only); CREDENTIALS_PKCS11_MODULE, CREDENTIALS_PKCS11_TOKEN, CREDENTIALS_PKCS11_PIN_FILE (keys of a wallet
        that begins, in a token).

        """;

    internal static Verb? Find(string name) => Verbs.FirstOrDefault(verb => verb.Name == name);

    /// <summary>What <c>credentials GROUP --help</c> prints, for example of <c>wallet</c>; null where no command begins with these words.</summary>
    internal static string? OfGroup(string name)
    {
        var group = Verbs.Where(verb => verb.Name.StartsWith(name + " ", StringComparison.Ordinal)).ToList();
        if (group.Count == 0) return null;
        var text = new StringBuilder($"Usage: credentials {name} COMMAND [options]\n");
        AppendList(text, group);
        return text.Append(CultureInfo.InvariantCulture, $"\n`credentials {name} COMMAND --help` tells more.\n").ToString();
    }

    /// <summary>What <c>credentials VERB --help</c> prints.</summary>
    internal static string Of(Verb verb)
    {
        var text = new StringBuilder();
        AppendSynopsis(text, verb);
        text.Append('\n');
        AppendWrapped(text, verb.Summary, "  ");
        foreach (var note in verb.Notes.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            AppendWrapped(text, note, "  ");
        return text.ToString();
    }

    private static void AppendList(StringBuilder text, IEnumerable<Verb> verbs)
    {
        foreach (var verb in verbs)
        {
            text.Append('\n');
            AppendSynopsis(text, verb);
            AppendWrapped(text, verb.Summary, "      ");
        }
    }

    private static void AppendSynopsis(StringBuilder text, Verb verb) =>
        AppendWrapped(text, $"{verb.Name} {verb.Synopsis}".TrimEnd(), "  ", new string(' ', verb.Name.Length + 3));

    private static void AppendWrapped(StringBuilder text, string line, string indent, string? hanging = null)
    {
        var length = indent.Length;
        text.Append(indent);
        var first = true;
        foreach (var part in Parts(line))
        {
            if (!first && length + part.Length + 1 > Width)
            {
                text.Append('\n').Append(hanging ?? indent);
                length = (hanging ?? indent).Length;
                first = true;
            }
            text.Append(first ? "" : " ").Append(part);
            length += part.Length + (first ? 0 : 1);
            first = false;
        }
        text.Append('\n');
    }

    // An option in brackets stays on one line.
    private static IEnumerable<string> Parts(string line)
    {
        var part = "";
        foreach (var word in line.Split(' '))
        {
            part = part.Length == 0 ? word : part + " " + word;
            if (part.StartsWith("[--", StringComparison.Ordinal) && !part.EndsWith(']'))
                continue;
            yield return part;
            part = "";
        }
        if (part.Length > 0)
            yield return part;
    }
}
