using Orleans.Inference.Picking.Configuration;
using static Orleans.Inference.Picking.Tests.Configuration.Loading;

namespace Orleans.Inference.Picking.Tests.Configuration;

/// <summary>What is wrong with a configuration, and where, as an operator reads it.</summary>
public sealed class ConfigurationFaultTests
{
    [Theory]
    // The text as a whole.
    [InlineData("plugin: []\n", "3:1: unknown field plugin")]
    [InlineData("featureGates: flowControl\n", "3:15: featureGates must be a list, not \"flowControl\"")]
    [InlineData("featureGates: [flowcontrol]\n", "3:16: feature gate 'flowcontrol' is unknown or unregistered")]
    [InlineData("featureGates: [flowControl=on]\n", "3:16: feature gate 'flowControl' must be true or false, not \"on\"")]
    [InlineData("featureGates: [flowControl=]\n", "3:16: feature gate 'flowControl' must be true or false, not \"\"")]
    [InlineData("featureGates: ['flowControl =true']\n", "3:16: feature gate 'flowControl ' is unknown or unregistered")]
    [InlineData("---\nkind: EndpointPickerConfig\n", "4:1: a configuration is one document, and this is a second one")]
    // Plugins.
    [InlineData("plugins:\n- name: q\n", "4:3: plugins[0].type is missing")]
    [InlineData("plugins:\n- {type: ''}\n", "4:10: plugins[0].type must not be empty")]
    [InlineData("plugins:\n- {type: 5}\n", "4:10: plugins[0].type must be text, not the number 5; quote it")]
    [InlineData("plugins:\n- queue-scorer\n", "4:3: plugins[0] must be a mapping, not \"queue-scorer\"")]
    [InlineData("plugins:\n- {type: queue-scorer, wieght: 2}\n", "4:24: unknown field plugins[0].wieght")]
    [InlineData("plugins:\n- type: queue-scorer\n- name: queue-scorer\n  type: random-picker\n", "5:9: plugin name 'queue-scorer' is given twice, first in line 4")]
    [InlineData("plugins:\n- type: best-scorer\n", "4:9: unknown plugin type 'best-scorer'")]
    [InlineData("plugins:\n- type: topology-extractor\n", "4:9: plugin type 'topology-extractor' is known to the reference picker, but not implemented here")]
    // Parameters.
    [InlineData("plugins:\n- type: queue-scorer\n  parameters: {threshold: 1}\n", "5:16: unknown field parameters.threshold")]
    [InlineData("plugins:\n- type: queue-scorer\n  parameters: [1]\n", "5:15: plugins[0].parameters must be a mapping, not a list")]
    [InlineData("plugins:\n- type: max-score-picker\n  parameters: {maxnumofendpoints: 1, maxNumOfEndpoints: 1}\n", "5:16: unknown field parameters.maxnumofendpoints; maxNumOfEndpoints is meant, perhaps")]
    [InlineData("flowControl: {MaxBytes: 1}\n", "3:15: unknown field flowControl.MaxBytes; maxBytes is meant, perhaps")]
    [InlineData("plugins:\n- type: max-score-picker\n  parameters: {maxNumOfEndpoints: two}\n", "5:35: parameters.maxNumOfEndpoints must be a whole number, not \"two\"")]
    [InlineData("plugins:\n- type: max-score-picker\n  parameters: {maxNumOfEndpoints: 1.5}\n", "5:35: parameters.maxNumOfEndpoints must be a whole number, not the number 1.5")]
    [InlineData("plugins:\n- type: utilization-detector\n  parameters: {kvCacheUtilThreshold: 80}\n", "5:38: parameters.kvCacheUtilThreshold must be above 0 to 1, not the number 80")]
    [InlineData("plugins:\n- type: utilization-detector\n  parameters: {queueDepthThreshold: 0}\n", "5:37: parameters.queueDepthThreshold must be above 0, not the number 0")]
    [InlineData("plugins:\n- type: utilization-detector\n  parameters: {metricsStalenessThreshold: 200}\n", "5:43: parameters.metricsStalenessThreshold must be a duration such as 200ms or 1m30s, not the number 200")]
    [InlineData("plugins:\n- type: context-length-aware\n  parameters: {label: ''}\n", "5:23: parameters.label must not be empty")]
    [InlineData("plugins:\n- type: label-selector-filter\n  parameters: {matchExpressions: [{key: '', operator: Exists}]}\n", "5:41: parameters.matchExpressions[0].key must not be empty")]
    [InlineData("plugins:\n- type: utilization-detector\n  parameters: {metricsStalenessThreshold: 0s}\n", "5:43: parameters.metricsStalenessThreshold must be above 0, not \"0s\"")]
    [InlineData("plugins:\n- type: utilization-detector\n  parameters: {metricsStalenessThreshold: -1s}\n", "5:43: parameters.metricsStalenessThreshold must be above 0, not \"-1s\"")]
    [InlineData("plugins:\n- type: fresh-filter\n  parameters: {staleness: -1s}\n", "5:27: parameters.staleness must be above 0, not \"-1s\"")]
    [InlineData("plugins:\n- type: prefix-cache-scorer\n  parameters: {matchLengthWeight: 0.5, matchLengthScaleTokens: 0}\n", "5:64: plugin 'prefix-cache-scorer': matchLengthScaleTokens must be above 0 where matchLengthWeight is, not 0")]
    [InlineData("plugins:\n- type: prefix-cache-affinity-filter\n  parameters: {affinityThreshold: 1.5}\n", "5:35: parameters.affinityThreshold must be at most 1, not the number 1.5")]
    [InlineData("plugins:\n- type: approx-prefix-cache-producer\n  parameters: {autoTune: false, blockSizeTokens: 0}\n", "5:50: plugin 'approx-prefix-cache-producer': blockSizeTokens must be above 0 without autoTune, not 0")]
    // Profiles.
    [InlineData("plugins: [{type: queue-scorer}]\nschedulingProfiles:\n- plugins: [{pluginRef: queue-scorer}]\n", "5:3: schedulingProfiles[0].name is missing")]
    [InlineData("schedulingProfiles:\n- name: p\n  plugins:\n  - pluginRef: queue-scorer\n", "6:16: schedulingProfiles[0].plugins[0].pluginRef: there is no plugin 'queue-scorer'")]
    [InlineData("schedulingProfiles:\n- name: p\n  plugins:\n  - pluginRef: ''\n", "6:16: schedulingProfiles[0].plugins[0].pluginRef must not be empty")]
    [InlineData("schedulingProfiles:\n- name: p\n  plugins:\n  - weight: 1\n", "6:5: schedulingProfiles[0].plugins[0].pluginRef is missing")]
    [InlineData("plugins: [{type: queue-scorer}]\nschedulingProfiles:\n- name: p\n  plugins:\n  - {pluginRef: queue-scorer, weight: heavy}\n", "7:39: schedulingProfiles[0].plugins[0].weight must be a number, not \"heavy\"")]
    [InlineData("plugins: [{type: queue-scorer}]\nschedulingProfiles:\n- name: p\n  plugins:\n  - {pluginRef: queue-scorer, wieght: 1}\n", "7:31: unknown field schedulingProfiles[0].plugins[0].wieght")]
    [InlineData("plugins: [{type: single-profile-handler}]\nschedulingProfiles:\n- name: p\n  plugins:\n  - pluginRef: single-profile-handler\n", "7:16: schedulingProfiles[0].plugins[0].pluginRef: plugin 'single-profile-handler' (type: 'single-profile-handler') can't be used here: it is no filter, scorer or picker")]
    [InlineData("plugins: [{type: random-picker}, {type: max-score-picker}]\nschedulingProfiles:\n- name: p\n  plugins:\n  - pluginRef: random-picker\n  - pluginRef: max-score-picker\n", "8:16: a profile has one picker; 'random-picker' is one already, and 'max-score-picker' is another")]
    [InlineData("plugins: [{type: random-picker}, {type: max-score-picker}]\n", "3:34: a profile has one picker; 'random-picker' is one already, and 'max-score-picker' is another")]
    [InlineData("schedulingProfiles:\n- {name: p, plugins: []}\n- {name: p, plugins: []}\nplugins: [{type: single-profile-handler}]\n", "5:10: profile name 'p' is given twice, first in line 4", "6:11: plugin 'single-profile-handler': a single-profile-handler serves one profile, not 2")]
    [InlineData("schedulingProfiles:\n- {name: p}\n- {name: q}\n", "5:10: 2 profiles need a profile handler that chooses among them, and no plugin is one")]
    [InlineData("plugins:\n- {type: single-profile-handler, name: a}\n- {type: single-profile-handler, name: b}\n", "5:40: multiple profile handlers found: 'a', 'b'")]
    // A handler whose own entry is faulty is not missed as well.
    [InlineData("plugins:\n- type: data-parallel-profile-handler\n  parameters: {primaryPort: 0}\nschedulingProfiles: [{name: p}, {name: q}]\n", "5:29: parameters.primaryPort must be 1 to 65535, not the number 0")]
    [InlineData("plugins: [{type: disagg-profile-handlr}]\nschedulingProfiles: [{name: p}, {name: q}]\n", "3:18: unknown plugin type 'disagg-profile-handlr'")]
    [InlineData("plugins: [{type: max-score-picker, parameters: {a: 1}}]\nschedulingProfiles: [{name: p}, {name: q}]\n", "3:49: unknown field parameters.a", "4:40: 2 profiles need a profile handler that chooses among them, and no plugin is one")]
    // Other sections.
    [InlineData("saturationDetector: {pluginRef: queue}\n", "3:33: saturationDetector.pluginRef: there is no plugin 'queue'")]
    [InlineData("plugins: [{type: queue-scorer}]\nflowControl: {saturationDetector: {pluginRef: queue-scorer}}\n", "4:47: flowControl.saturationDetector.pluginRef: plugin 'queue-scorer' (type: 'queue-scorer') can't be used here: it is no saturation detector")]
    [InlineData("flowControl: {maxBytes: many}\n", "3:25: flowControl.maxBytes must be a quantity such as 1000 or 1Gi, not \"many\"")]
    [InlineData("flowControl:\n  priorityBands:\n  - {priority: 1}\n  - {priority: 1}\n", "6:5: flowControl.priorityBands: priority 1 is given twice")]
    [InlineData("flowControl:\n  priorityBands:\n  - {maxRequests: 1}\n", "5:5: flowControl.priorityBands[0].priority is missing")]
    [InlineData("flowControl: {defaultPriorityBand: {fairnessPolicyRef: fcfs-ordering-policy}}\n", "3:56: flowControl.defaultPriorityBand.fairnessPolicyRef: plugin 'fcfs-ordering-policy' (type: 'fcfs-ordering-policy') can't be used here: it is no fairness policy")]
    [InlineData("requestHandler: {parser: {pluginRef: p}}\n", "3:18: unknown field requestHandler.parser")]
    [InlineData("dataLayer: {sources: [{pluginRef: nowhere}]}\n", "3:35: dataLayer.sources[0].pluginRef: there is no plugin 'nowhere'")]
    [InlineData("dataLayer: {discovery: {pluginRef: files}}\n", "3:36: dataLayer.discovery.pluginRef: discovery by a plugin is not available in this version; --manifests names a folder of pods")]
    public void Load_Faulty_IsToldWithItsPlace(string body, params string[] faults)
    {
        var outcome = Load(body);

        Assert.Equal(faults.Select(fault => $"c.yaml:{fault}"), outcome.Faults);
        Assert.Null(outcome.Configuration);
    }

    [Theory]
    [InlineData("", "1:1: the configuration is empty")]
    [InlineData("kind: EndpointPickerConfig\n", "1:1: apiVersion is missing")]
    [InlineData("apiVersion: llm-d.ai/v1alpha1\n", "1:1: kind is missing")]
    [InlineData("apiVersion: llm-d.ai/v1\nkind: Pod\n", "1:13: apiVersion must be llm-d.ai/v1alpha1 (or, deprecated, inference.networking.x-k8s.io/v1alpha1), not \"llm-d.ai/v1\"", "2:7: kind must be EndpointPickerConfig, not \"Pod\"")]
    [InlineData("[]\n", "1:1: an object must be a mapping, not a list")]
    [InlineData("apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nkind: EndpointPickerConfig\n", "3:1: not valid YAML: \"kind\" is given twice")]
    public void Load_NoConfiguration_IsTold(string text, params string[] faults) =>
        Assert.Equal(faults.Select(fault => $"c.yaml:{fault}"), ConfigurationLoader.Load("c.yaml", text, PluginRegistry.CreateBuiltIn(), new ConfigurationLoadOptions()).Faults);

    [Fact]
    public void Load_SeveralFaults_AreAllToldInTheOrderOfTheText()
    {
        var outcome = Load("""
            plugins:
            - type: queue-scorer
              parameters: {a: 1}
            - type: nothing
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: nothing
              - {pluginRef: missing, weight: x}
            more: 1
            """);

        Assert.Equal(
            [
                "c.yaml:5:16: unknown field parameters.a",
                "c.yaml:6:9: unknown plugin type 'nothing'",
                "c.yaml:11:17: schedulingProfiles[0].plugins[1].pluginRef: there is no plugin 'missing'",
                "c.yaml:11:34: schedulingProfiles[0].plugins[1].weight must be a number, not \"x\"",
                "c.yaml:12:1: unknown field more",
            ],
            outcome.Faults);
    }
}
