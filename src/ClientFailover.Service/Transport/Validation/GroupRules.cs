using ClientFailover.Engine;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Validation;

/// <summary>Responsible for reading what is asked of a group, in a request or in a hello.</summary>
/// <param name="options">What failover timeouts are allowed.</param>
internal sealed class GroupRules(IOptions<TransportOptions> options)
{
    /// <summary>Checks a wanted group.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    /// <param name="group">The group; null when absent.</param>
    /// <param name="field">Its path in the gRPC request.</param>
    /// <returns>What is asked for; of use only when nothing is wrong.</returns>
    public CreateGroup Read(ref Violations violations, V1.GroupConfiguration? group, string field = "group")
    {
        var limits = options.Value;
        if (group is null)
        {
            violations.Add("The body", field, "must be a group configuration with at least Id");
            return new CreateGroup(new RequestedGroup("", null, null, null, null), limits.DefaultFailoverTimeout);
        }

        IdRules.Check(ref violations, group.Id, "Id", $"{field}.id");
        TextRules.Check(ref violations, group.Name, TextRules.MaximumName, "Name", $"{field}.name");
        TextRules.Check(ref violations, group.Description, TextRules.MaximumDescription, "Description", $"{field}.description");
        var timeout = TimeRules.Read(
            ref violations,
            group.FailoverTimeout,
            limits.MinimumFailoverTimeout,
            limits.MaximumFailoverTimeout,
            "FailoverTimeout",
            $"{field}.failover_timeout");
        var data = AdditionalDataRules.Read(ref violations, group.AdditionalData, $"{field}.additional_data");
        return new CreateGroup(
            new RequestedGroup(group.Id, group.HasName ? group.Name : null, group.HasDescription ? group.Description : null, timeout, data),
            limits.DefaultFailoverTimeout);
    }
}
