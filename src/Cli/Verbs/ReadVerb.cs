using System.Security.Cryptography.X509Certificates;
using Credentials.Cli.InPerson;
using Credentials.Keys.Software;
using Credentials.Trust;

namespace Credentials.Cli.Verbs;

internal static class ReadVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var question = await InPersonQuestion.LoadAsync(arguments.Required("--policy"), context);
        var trust = await KeyFiles.LoadTrustAsync(arguments.Values("--trust"), TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner, context);
        var text = arguments.RequiredPositional(0);
        if (text == "-") text = await InputFiles.ReadTextAsync(text, context);
        using var key = arguments.Value("--key") is { } file ? await KeyFiles.LoadPrivateAsync(file, context) : null;
        var reader = new InPersonReader(key, await LoadChainAsync(key, context));
        if (key is null) context.Terminal.Hint("without --key and --cert the holder is not told who asks");
        using var http = Network.Open();
        var expected = question.Expect(trust, context.Now, http, VerifyVerb.ReadStatusMode(arguments.Value("--status")), VerifyVerb.ReadRevocation(arguments));
        var answer = await Patience.WaitAsync(context, "the holder did not answer", cancelled => reader.AskAsync(text, question, expected, cancelled));
        if (context.Json) context.Terminal.Json(answer.ToJson());
        else answer.Print(context.Terminal);
        return answer.IsAccepted ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<IReadOnlyList<X509Certificate2>> LoadChainAsync(SoftwareSigningKey? key, CommandContext context) =>
        (key, context.Arguments.Value("--cert")) switch
        {
            (null, null) => [],
            ({ } signer, { } file) => await KeyFiles.LoadChainAsync(file, signer.PublicKey, context),
            _ => throw CommandException.Usage("--key and --cert go together: who signs is told by the certificate"),
        };
}
