namespace Credentials.Issuer.Storage;

/// <summary>A table of people to be offered or issued one credential type. Its rows are <see cref="BatchRow"/>.</summary>
internal sealed class Batch
{
    /// <summary>Chosen by whoever sends it, so that sending it again is the same batch.</summary>
    public required string Id { get; init; }

    public required string ConfigurationId { get; init; }

    /// <summary>True: credentials for keys that the table names; false: offers.</summary>
    public bool ForKeys { get; init; }

    /// <summary>Whether each offer asks for a transaction code.</summary>
    public bool TxCode { get; init; }

    /// <summary>How long each offer can be taken up, from when it is made.</summary>
    public int OfferHours { get; init; }

    /// <summary>JSON array of the column names.</summary>
    public string Columns { get; set; } = "[]";

    /// <summary>SHA-256 over the parameters and the table.</summary>
    public byte[] ContentHash { get; set; } = [];

    public BatchState State { get; set; }

    /// <summary>Which of several attempts to send the table is under way.</summary>
    public required string Upload { get; set; }

    public int Total { get; set; }

    /// <summary>Who sent it, as in the audit log.</summary>
    public required string Actor { get; init; }

    public long CreatedAt { get; init; }

    public long? EndedAt { get; set; }

    /// <summary>Until when the process that works on it may; later another takes over.</summary>
    public long LeaseUntil { get; set; }
}
