using Credentials.Keys;

namespace Credentials.Mdoc;

/// <summary>Whether and how the device must have proved possession of its key.</summary>
public sealed record DeviceAuthExpectation
{
    private DeviceAuthExpectation()
    {
    }

    /// <summary>Nothing was asked for, as with a file: whoever shows the mdoc need not be its holder.</summary>
    public static DeviceAuthExpectation NotRequested { get; } = new();

    /// <summary>The session that the device must have signed.</summary>
    public SessionTranscript? Transcript { get; private init; }

    /// <summary>The reader's ephemeral key of the session, for a device MAC; null: a signature is required.</summary>
    public IKeyAgreementKey? ReaderKey { get; private init; }

    /// <summary>The device must have signed this session, or authenticated it with a MAC where there is a reader key.</summary>
    public static DeviceAuthExpectation Required(SessionTranscript transcript, IKeyAgreementKey? readerKey = null) =>
        new() { Transcript = transcript, ReaderKey = readerKey };
}
