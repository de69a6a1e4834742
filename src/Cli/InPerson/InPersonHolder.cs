using Credentials.Mdoc.Proximity;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Presentation;

namespace Credentials.Cli.InPerson;

/// <summary>The holder's device: a program that waits on a port of this machine.</summary>
internal static class InPersonHolder
{
    /// <summary>Makes an engagement, hands it out and waits for a reader to come.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="show">Is given the text of the QR code; from then on a reader may come.</param>
    /// <param name="cancelled">Stops waiting.</param>
    /// <param name="alwaysSign">The keys sign also where a MAC would do.</param>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>: there is no port.</exception>
    internal static async Task<InPersonSession> MeetAsync(CredentialWallet wallet, Action<string> show, CancellationToken cancelled, bool alwaysSign = false)
    {
        ProximityHolderSession? session = null;
        try
        {
            var transport = await TcpLoopbackTransport.AcceptAsync(
                port =>
                {
                    session = ProximityHolderSession.BeginByQr([new LoopbackRetrieval(port)]);
                    show(session.Engagement.ToQrText());
                },
                cancellationToken: cancelled);
            return wallet.BeginInPerson(session!, transport, alwaysSign);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Shows the person who asks for what, and what the reader would see.</summary>
    internal static void Print(InPersonRequest request, TextWriter to)
    {
        foreach (var document in request.Documents)
        {
            to.WriteLine(TextSafety.ForTerminal(document.IsReaderTrusted
                ? $"{document.ReaderNames.In()} asks (vouched for by an authority you trust)"
                : $"UNKNOWN READER asks ({document.ReaderCode}). It calls itself \"{document.UnverifiedReaderNames.In() ?? "nothing"}\"; nobody vouches for it."));
            if (document.Matches.Count == 0)
            {
                to.WriteLine(TextSafety.ForTerminal($"  for {document.Type}, of which you have nothing to show"));
                continue;
            }
            var match = document.Matches[0];
            to.WriteLine($"  from {WalletView.Name(match.Document)} ({match.Document.Id}) it would see:");
            foreach (var path in match.Disclose) to.WriteLine($"    {WalletView.ClaimName(match.Document, path)}{(document.Retained.Contains(path) ? "  – it says that it keeps this" : "")}");
            if (match.IsLinkable) to.WriteLine("    (this copy was shown before; the two times can be linked)");
        }
    }
}
