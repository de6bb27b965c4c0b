namespace ClientFailover.Samples.Omf;

/// <summary>Where data goes.</summary>
public sealed class OmfOptions
{
    /// <summary>Address of the OMF endpoint, such as <c>https://host/piwebapi/omf</c>. Required.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>User of Basic authentication; null (default): none.</summary>
    public string? UserName { get; set; }

    /// <summary>Password of that user.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Id of the type of all streams. Like the ids of the streams it is the same on every adapter of the group: to the destination
    /// they are one source.
    /// </summary>
    public string TypeId { get; set; } = "ClientFailover.Samples.Measurement";

    /// <summary>A name of this adapter, told to the receiver of the samples for its reports; null (default): not told.</summary>
    public string? AdapterName { get; set; }

    /// <summary>How long an answer is waited for; default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
