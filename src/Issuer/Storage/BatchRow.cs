namespace Credentials.Issuer.Storage;

/// <summary>One row of a batch, in the order of the table.</summary>
internal sealed class BatchRow
{
    public required string BatchId { get; init; }

    /// <summary>1, 2, 3, … after the header.</summary>
    public int Number { get; init; }

    /// <summary>The line of the file on which the row begins.</summary>
    public int Line { get; init; }

    public BatchRowState State { get; set; }

    /// <summary>JSON array of the cells; null once they have served.</summary>
    public string? Cells { get; set; }

    public string? Subject { get; set; }

    /// <summary>Error code of a row that failed.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>What is wrong with it, without values.</summary>
    public string? Error { get; set; }

    public string? OfferId { get; set; }

    public string? CredentialId { get; set; }

    /// <summary>The credential, encrypted; null before it is made and after its time.</summary>
    public byte[]? Result { get; set; }
}
