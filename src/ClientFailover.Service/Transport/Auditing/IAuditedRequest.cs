namespace ClientFailover.Service.Transport.Auditing;

/// <summary>A request of which the audit tells more than what it is about.</summary>
internal interface IAuditedRequest
{
    /// <summary>What was asked for, such as the value that was set; no secret.</summary>
    string AuditDetail { get; }
}
