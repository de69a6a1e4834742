using Credentials.Http;
using Credentials.Trust;

namespace Credentials.Wallet.Core.Tests;

/// <summary>The example of the wallet library in README.md, compiled.</summary>
internal static class ReadmeExample
{
    public static async Task ReceiveListPresentAsync(string passphrase, TrustStore trust, string offerLink, string requestLink, Func<string, bool> holderAgrees)
    {
        // README: begin
        using var http = new OutboundHttp();
        await using var wallet = await CredentialWallet.OpenAsync(
            new() { Path = "wallet.db", Passphrase = passphrase, Trust = trust, Http = http, Time = TimeProvider.System });

        var offer = await wallet.ResolveOfferAsync(offerLink);
        if (holderAgrees($"Receive {offer.Documents[0].Names} from {offer.IssuerNames}?")) await wallet.AcceptOfferAsync(offer);
        foreach (var document in await wallet.ListDocumentsAsync()) Console.WriteLine($"{document.Names}: {document.UnusedCopies} unused copies");

        var request = await wallet.ResolveRequestAsync(requestLink);
        if (request.Proposal is { } least && holderAgrees($"Show this to {request.VerifierNames}: {request.Purpose}?"))
            await wallet.PresentAsync(request, least);
        else await wallet.DeclineRequestAsync(request);
        // README: end
    }
}
