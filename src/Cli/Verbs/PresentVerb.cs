using Credentials.Keys;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;

namespace Credentials.Cli.Verbs;

internal static class PresentVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var credential = InputFiles.ToDocument(await InputFiles.ReadAsync(arguments.RequiredPositional(0), context));
        var disclose = arguments.Values("--disclose");
        using var holderKey = await KeyFiles.LoadPrivateAsync(arguments.Required("--holder-key"), context);
        var binding = RequestBinding.ForRedirect(
            arguments.Required("--audience"), arguments.Required("--nonce"), arguments.Value("--response-uri") ?? "", encryptionKey: null);
        var presentation = DocumentText.FormatOf(credential) == CredentialFormat.Mdoc
            ? await PresentMdocAsync(IssuerSigned.Parse(credential), disclose, binding, holderKey, context.Cancelled)
            : await PresentSdJwtAsync(SdJwtCredential.Parse(credential), disclose, binding, holderKey, context);
        if (arguments.Value("--out") is { } path)
            OutputFiles.Write(path, presentation + "\n");
        else
            context.Terminal.Line(presentation);
        return ExitCode.Done;
    }

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
