using System.Text.Json;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Cli.Verbs;

internal static class KeyNewVerb
{
    internal static Task<int> RunAsync(CommandContext context)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(context.Arguments.Value("--alg") ?? "ES256")!);
        var jwk = key.ExportPrivateJwk();
        if (context.Arguments.Value("--out") is not { } path)
        {
            context.Terminal.Json(jwk);
            return Task.FromResult(ExitCode.Done);
        }
        OutputFiles.WriteNewSecret(path, jwk.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        context.Terminal.Json(Jwk.Write(key.PublicKey));
        return Task.FromResult(ExitCode.Done);
    }
}
