namespace Credentials.QrDocuments;

/// <summary>What an EU Digital COVID Certificate is about.</summary>
internal enum DccKind
{
    /// <summary>A vaccination (<c>v</c>).</summary>
    Vaccination,

    /// <summary>A test (<c>t</c>).</summary>
    Test,

    /// <summary>A recovery (<c>r</c>).</summary>
    Recovery,
}
