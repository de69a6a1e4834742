using Credentials.Cli.Issuing;
using Credentials.Keys;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.W3c;

namespace Credentials.Cli.Verbs;

internal static class PresentVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var credential = InputFiles.ToDocument(await InputFiles.ReadAsync(arguments.RequiredPositional(0), context));
        var disclose = arguments.Values("--disclose");
        var presentation = await PresentAsync(credential, disclose, context);
        if (arguments.Value("--out") is { } path)
            OutputFiles.Write(path, presentation + "\n");
        else
            context.Terminal.Line(presentation);
        return ExitCode.Done;
    }

    private static async Task<string> PresentAsync(string credential, IReadOnlyList<string> disclose, CommandContext context)
    {
        var arguments = context.Arguments;
        var isW3c = SecuredText.Find(credential) is { IsPresentation: false };
        var isBound = arguments.Value("--audience") is not null || arguments.Value("--nonce") is not null || arguments.Value("--holder-key") is not null;
        if (isW3c && !isBound)
            return W3cPresenting.Show(credential, disclose);
        using var holderKey = await KeyFiles.LoadPrivateAsync(Needed(arguments, "--holder-key"), context);
        var (audience, nonce) = (Needed(arguments, "--audience"), Needed(arguments, "--nonce"));
        if (isW3c)
            return await W3cPresenting.PresentAsync(credential, disclose, audience, nonce, holderKey, context);
        if (disclose.Count == 0)
            throw CommandException.Usage("--disclose is missing: name what is to be shown");
        var binding = RequestBinding.ForRedirect(audience, nonce, arguments.Value("--response-uri") ?? "", encryptionKey: null);
        return DocumentText.FormatOf(credential) == CredentialFormat.Mdoc
            ? await PresentMdocAsync(IssuerSigned.Parse(credential), disclose, binding, holderKey, context.Cancelled)
            : await PresentSdJwtAsync(SdJwtCredential.Parse(credential), disclose, binding, holderKey, context);
    }

    private static string Needed(Arguments arguments, string option) =>
        arguments.Value(option) ?? throw CommandException.Usage($"{option} is missing: a presentation is bound to its holder, its verifier and its request");

    private static async Task<string> PresentSdJwtAsync(
        SdJwtCredential credential, IReadOnlyList<string> disclose, RequestBinding binding, ISigningKey holderKey, CommandContext context)
    {
        var paths = ClaimPaths.Read(disclose, credential.UnverifiedClaims());
        return await SdJwtPresenter.PresentAsync(credential, paths, new KeyBinding(binding.Audience, binding.Nonce, context.Now), holderKey, context.Cancelled);
    }

    private static async Task<string> PresentMdocAsync(
        IssuerSigned mdoc, IReadOnlyList<string> disclose, RequestBinding binding, ISigningKey holderKey, CancellationToken cancelled) =>
        holderKey.PublicKey.Equals(mdoc.SecurityObject.DeviceKey)
            ? await MdocPresenter.PresentAsync(mdoc, [.. disclose.Select(text => ClaimPaths.ReadElement(text, mdoc))], binding.Transcript, holderKey, cancelled)
            : throw CommandException.Usage("--holder-key is not the key that the mdoc is bound to");
}
