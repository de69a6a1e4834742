using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;

namespace Credentials.Cli.InPerson;

/// <summary>A reader of ISO/IEC 18013-5 for phones that are programs of this machine.</summary>
/// <param name="Key">Signs the requests; null: nobody is told who asks.</param>
/// <param name="Certificates">The certificate of the key, and those above it.</param>
internal sealed record InPersonReader(ISigningKey? Key, IReadOnlyList<X509Certificate2> Certificates)
{
    /// <summary>Asks the device of an engagement, once, and ends the session.</summary>
    /// <param name="engagementText">The text of the QR code.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="expected">What <see cref="InPersonQuestion.Expect"/> gives.</param>
    /// <param name="cancelled">Stops waiting.</param>
    /// <exception cref="CredentialException">As for <see cref="DeviceEngagement.ParseQrText"/> and <see cref="ProximityReader.AskAsync"/>.</exception>
    internal async Task<InPersonAnswer> AskAsync(string engagementText, InPersonQuestion question, MdocExpectations expected, CancellationToken cancelled)
    {
        var engagement = DeviceEngagement.ParseQrText(engagementText);
        if (engagement.RetrievalMethods.OfType<LoopbackRetrieval>().FirstOrDefault() is not { } loopback)
            throw CommandException.Usage(
                "this device is reached by radio, which this reader does not have",
                "it reads programs of this machine only, as `credentials wallet present-in-person`");
        // The session first: a key that cannot be used needs no connection.
        var session = await ProximityReaderSession.BeginAsync(engagement, cancellationToken: cancelled);
        await using var reader = new ProximityReader(session, await ConnectAsync(session, loopback.Port, cancelled));
        var request = Key is null
            ? DeviceRequest.Create(question.Items)
            : await DeviceRequest.SignAsync(question.Items, reader.Transcript, Key, Certificates, cancelled);
        var answers = await reader.AskAsync(request, expected, cancelled);
        return new InPersonAnswer(answers, question.IsAnsweredBy(answers));
    }

    private static async Task<IProximityTransport> ConnectAsync(ProximityReaderSession session, int port, CancellationToken cancelled)
    {
        try
        {
            return await TcpLoopbackTransport.ConnectAsync(port, cancellationToken: cancelled);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
