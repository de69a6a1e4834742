using System.Globalization;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.W3c;
using Credentials.X509;

namespace Credentials.Cli.Verbs;

internal static class VerifyVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var binding = ReadBinding(arguments);
        var at = ReadTime(arguments.Value("--at")) ?? context.Now;
        var trust = await ReadTrustAsync(context);
        var text = await Subject.ReadDocumentAsync(context);
        using var http = Network.Open();
        var report = await VpTokenVerifier.VerifyDocumentAsync(text, new DocumentExpectations
        {
            Trust = trust,
            Now = at,
            Binding = binding,
            Status = new StatusPolicy(ReadStatusMode(arguments.Value("--status"))),
            StatusClient = new StatusListClient(http),
            Revocation = new SignerRevocation(new CrlClient(http), ReadRevocation(arguments)),
            IssuerMetadata = new JwtVcIssuerMetadataClient(http),
            W3c = W3cSupport.Online(http) with { AcceptsDataModelV1 = arguments.Flag("--data-model-1.1") },
        }, context.Cancelled);
        if (context.Json)
            context.Terminal.Json(report.ToJson());
        else
            ReportView.Print(report, context.Terminal);
        return report.IsAccepted ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<TrustStore> ReadTrustAsync(CommandContext context)
    {
        var (files, urls) = (context.Arguments.Values("--trust"), context.Arguments.Values("--trust-url"));
        if (files.Count == 0 && urls.Count == 0)
            throw CommandException.Usage("say whom to trust: --trust FILE or --trust-url URL");
        return (await KeyFiles.LoadTrustAsync(files, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner, context)).With(KeyFiles.TrustUrls(urls));
    }

    /// <summary>What is not asked of the network for the status is not asked for the signer either.</summary>
    internal static CrlPolicy ReadRevocation(Arguments arguments)
    {
        var policy = CrlPolicy.Named(arguments.Value("--revocation") ?? "if-available")!;
        return arguments.Value("--status") == "offline" && policy.Mode == CrlMode.Online ? policy with { Mode = CrlMode.Offline } : policy;
    }

    private static RequestBinding? ReadBinding(Arguments arguments) => (arguments.Value("--audience"), arguments.Value("--nonce")) switch
    {
        (null, null) => null,
        ({ Length: > 0 } audience, { Length: > 0 } nonce) => RequestBinding.ForRedirect(audience, nonce, arguments.Value("--response-uri") ?? "", encryptionKey: null),
        _ => throw CommandException.Usage("--audience and --nonce go together: a presentation is bound to both"),
    };

    internal static DateTimeOffset? ReadTime(string? text)
    {
        if (text is null)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw CommandException.Usage("--at is an ISO 8601 time, for example 2026-05-01T12:00:00Z");
    }

    internal static StatusMode ReadStatusMode(string? text) => text switch
    {
        "offline" => StatusMode.Offline,
        "skip" => StatusMode.Skip,
        _ => StatusMode.Online,
    };
}
